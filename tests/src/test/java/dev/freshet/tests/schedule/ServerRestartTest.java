package dev.freshet.tests.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Freshet;
import dev.freshet.engine.schedule.Scheduler;
import dev.freshet.tests.server.Await;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/// A daemon outlives its server, on a server of its own.
final class ServerRestartTest {
  @Test
  void aDaemonGoesOnWhenTheServerIsBack() throws SQLException {
    try (TestServer server = TestServer.own(TestServer.majors().getLast());
        TestDatabase database = server.createDatabase()) {
      Freshet.connect(database.source())
          .create(
              "CREATE MATERIALIZED VIEW v WITH (freshet.schedule = 'every 1 second') AS SELECT 1 AS"
                  + " a");
      try (Scheduler scheduler = Daemons.start(database.source(), "one")) {
        Await.until(database, "SELECT (%s) >= 1".formatted(succeededAfter("-infinity")), "t");
        server.kill();
        server.restart();
        String back = database.string("SELECT clock_timestamp()");
        Await.until(database, "SELECT (%s) >= 2".formatted(succeededAfter(back)), "t");
        assertThat(scheduler.isAlive()).isTrue();
      }
    }
  }

  private static String succeededAfter(String time) {
    return """
    SELECT count(*) FROM freshet.refreshes
    WHERE origin = 'schedule' AND outcome = 'succeeded' AND started_at > '%s'\
    """
        .formatted(time);
  }
}
