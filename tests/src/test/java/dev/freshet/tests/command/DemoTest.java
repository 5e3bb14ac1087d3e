package dev.freshet.tests.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Cancellation;
import dev.freshet.app.demo.Demo;
import dev.freshet.app.demo.DemoOptions;
import dev.freshet.app.demo.DemoReport;
import dev.freshet.app.demo.DemoReport.Trial;
import dev.freshet.app.postgres.EmbeddedPostgres;
import dev.freshet.app.postgres.ServerOptions;
import dev.freshet.app.show.Screen;
import dev.freshet.app.show.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole demo with few rows, twice on the same data, and on those of another build.
final class DemoTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void runsFromTheFirstStepToTheLast(@TempDir Path directory) throws SQLException {
    ServerOptions home = ServerOptions.in(directory.resolve("postgres"));
    DemoReport report = run(home);
    assertThat(report.orders()).isEqualTo(2_000);
    assertThat(report.items()).isEqualTo(4_000);
    assertThat(report.viewRead()).isPositive().isLessThan(report.rawReport());
    assertThat(report.refreshes())
        .extracting(Trial::way)
        .startsWith("full", "concurrent", "swap", "top-off")
        .endsWith("native REFRESH", "native CONCURRENTLY");
    assertThat(report.refreshes().subList(0, 5))
        .allMatch(trial -> trial.changed().orElse(0L) > 0 && trial.asOf().isPresent())
        .allMatch(trial -> trial.longestPause().isPositive());
    assertThat(told())
        .contains("A shop with 2,000 orders and 4,000 order items.", "max pause")
        .contains("public.monthly_revenue_summary", "./freshet demo --keep --orders 2000")
        .doesNotContain("from the last run");
    assertThat(run(home).items()).isEqualTo(4_000);
    assertThat(told()).contains("The shop is here from the last run.");
    changeBuild(home);
    assertThat(run(home).refreshes()).hasSameSizeAs(report.refreshes());
    assertThat(told())
        .contains("another build of Freshet made the catalog: its 007-driver.sql differs.");
  }

  private static void changeBuild(ServerOptions home) throws SQLException {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(home);
        Connection connection = server.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE freshet.migrations SET checksum = '' WHERE version = 7");
    }
  }

  private DemoReport run(ServerOptions home) throws SQLException {
    out.reset();
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
            false,
            Terminal.UNLIMITED,
            Clock.systemUTC());
    Screen screen = new Screen(terminal, false, false, false);
    return new Demo(new DemoOptions(2_000, false, 0), screen, new Cancellation())
        .run(
            home,
            url -> {
              throw new AssertionError("no other program runs " + url);
            });
  }

  private String told() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
