package dev.freshet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Freshet;
import dev.freshet.app.postgres.EmbeddedPostgres;
import dev.freshet.app.postgres.ServerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class RefreshReportsOnRequestTest {

  @Test
  void aPostRefreshesInTheBackground() throws SQLException, IOException, InterruptedException {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(ServerOptions.temporary())) {
      DataSource database = server.dataSource();
      run(database, "CREATE TABLE orders (amount numeric)");
      Freshet freshet = Freshet.connect(database);
      freshet.install();
      freshet.create("CREATE MATERIALIZED VIEW revenue AS SELECT sum(amount) AS total FROM orders");
      run(database, "INSERT INTO orders VALUES (19.99)");

      try (var example = new RefreshReportsOnRequest(database, "revenue")) {
        HttpResponse<String> response = post(example.port());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"status\": \"refresh queued\"}");
        awaitTotal(database, "19.99");
      }
    }
  }

  private static HttpResponse<String> post(int port) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/admin/refresh-reports");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(uri).POST(BodyPublishers.noBody()).build(),
          BodyHandlers.ofString());
    }
  }

  private static void awaitTotal(DataSource database, String total) throws SQLException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!total.equals(total(database)) && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    assertThat(total(database)).isEqualTo(total);
  }

  private static String total(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT total FROM revenue")) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "no row";
    }
  }

  private static void run(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
