package dev.freshet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Cancellation;
import dev.freshet.RefreshReport;
import dev.freshet.app.postgres.EmbeddedPostgres;
import dev.freshet.app.postgres.ServerOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class KeepAReportFreshTest {

  @Test
  void livesThroughTheLibrary() throws SQLException {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(ServerOptions.temporary())) {
      DataSource database = server.dataSource();
      run(database, "CREATE TABLE sales (region text, amount numeric)");
      run(database, "INSERT INTO sales VALUES ('north', 1), ('south', 2.50)");
      KeepAReportFresh example = new KeepAReportFresh(database);
      example.create();
      assertThat(example.caption()).startsWith("as of ");

      run(database, "INSERT INTO sales VALUES ('north', 3), ('west', 4)");
      List<String> phases = new ArrayList<>();
      RefreshReport report =
          example.refresh(progress -> phases.add(progress.phase()), new Cancellation());
      assertThat(report.work().inserted()).isEqualTo(1);
      assertThat(report.work().updated()).isEqualTo(1);
      assertThat(phases).contains("diff");

      run(database, "DELETE FROM sales WHERE region = 'south'");
      assertThat(example.wasEqual()).isFalse();
      assertThat(example.wasEqual()).isTrue();

      run(database, "CREATE VIEW best AS SELECT region FROM sales_by_region");
      assertThat(example.drop()).contains("other objects depend on it");
      run(database, "DROP VIEW best");
      assertThat(example.drop()).isEmpty();
    }
  }

  private static void run(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
