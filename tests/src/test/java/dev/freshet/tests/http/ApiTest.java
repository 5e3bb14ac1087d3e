package dev.freshet.tests.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.freshet.Freshet;
import dev.freshet.FreshetException;
import dev.freshet.app.http.Daemon;
import dev.freshet.app.http.ListenAddress;
import dev.freshet.app.http.Token;
import dev.freshet.engine.schedule.Backoff;
import dev.freshet.engine.schedule.SchedulerSettings;
import dev.freshet.tests.server.Await;
import dev.freshet.tests.server.TestDatabase;
import dev.freshet.tests.server.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/// The API of a daemon that does one refresh at a time.
final class ApiTest {
  private static final String SECRET = "a-secret-of-good-length";
  private static final SchedulerSettings ONE_AT_A_TIME =
      new SchedulerSettings(
          1,
          Duration.ofMillis(100),
          Duration.ofMillis(150),
          Duration.ofMillis(500),
          Duration.ofMillis(300),
          Backoff.DEFAULT);

  private TestDatabase database;
  private Daemon daemon;
  private Client client;

  @BeforeEach
  void startDaemon() throws SQLException {
    database = TestServer.shared(TestServer.majors().getLast()).createDatabase();
    database.execute(
        """
        CREATE TABLE t (a integer); INSERT INTO t VALUES (1), (2);
        CREATE FUNCTION gate() RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN 1; END $$\
        """);
    Freshet.connect(database.source())
        .create(
            """
            CREATE MATERIALIZED VIEW v AS SELECT a FROM t;
            CREATE MATERIALIZED VIEW "My/View +" AS SELECT 10 / a AS n FROM t;
            CREATE MATERIALIZED VIEW held AS SELECT gate() AS g;\
            """);
    daemon = daemon(Optional.empty());
    client = new Client(daemon.url(), List.of());
  }

  private Daemon daemon(Optional<Token> token) {
    ListenAddress anyPort = ListenAddress.parse("127.0.0.1:0");
    return Daemon.start(database.source(), anyPort, token, ONE_AT_A_TIME);
  }

  @AfterEach
  void stop() throws SQLException {
    daemon.close();
    database.close();
  }

  @Test
  void healthTellsWhatWorks() {
    Answer health = client.get("/health");
    assertThat(health.status()).isEqualTo(200);
    assertThat(health.type()).isEqualTo("application/json");
    assertThat(health.body().propertyNames())
        .containsExactlyInAnyOrder("status", "database", "catalog_version", "scheduler");
    assertThat(health.text("status")).isEqualTo("ok");
    assertThat(health.body().path("catalog_version").asInt()).isPositive();
  }

  @Test
  void healthFailsWhileTheDatabaseIsGone() throws SQLException {
    PGSimpleDataSource elsewhere = database.source();
    String name = String.valueOf(elsewhere.getDatabaseName());
    elsewhere.setDatabaseName("postgres");
    try (Connection admin = elsewhere.getConnection();
        Statement statement = admin.createStatement()) {
      statement.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
      Answer health = client.get("/health");
      assertThat(health.status()).isEqualTo(503);
      assertThat(health.text("status")).isEqualTo("failing");
      assertThat(health.body().path("database").asBoolean()).isFalse();
      statement.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
      Await.until("it works again", () -> client.get("/health").status() == 200);
    }
  }

  @Test
  void viewsTellHowFreshTheyAre() {
    Answer views = client.get("/api/views");
    assertThat(views.status()).isEqualTo(200);
    assertThat(views.body().path("views").size()).isEqualTo(3);
    Answer view = client.get("/api/views/public.v");
    assertThat(view.body().propertyNames())
        .contains("id", "name", "kind", "strategy", "rows", "bytes", "freshness", "last_error");
    assertThat(view.body().path("freshness").propertyNames())
        .containsExactlyInAnyOrder("view", "populated", "as_of", "age", "stale");
    assertThat(view.text("name")).isEqualTo("public.v");
    assertThat(view.body().path("rows").isNumber()).isTrue();
  }

  @Test
  void aRefreshIsQueuedAndCanBeFollowed() throws SQLException {
    database.execute("INSERT INTO t VALUES (3)");
    Answer queued =
        client
            .with("Content-Type", "application/json")
            .post("/api/views/v/refreshes", "{\"strategy\": \"swap\"}");
    assertThat(queued.status()).isEqualTo(202);
    assertThat(queued.text("status")).isEqualTo("queued");
    assertThat(queued.location()).isEqualTo(queued.text("refresh")).startsWith("/api/refreshes/");
    Await.until("the refresh ends", () -> isDone(queued.location()));
    Answer done = client.get(queued.location());
    assertThat(done.text("status")).isEqualTo("succeeded");
    assertThat(done.text("strategy")).isEqualTo("swap");
    assertThat(done.text("view")).isEqualTo("public.v");
    assertThat(
            database.string(
                "SELECT origin FROM freshet.refreshes WHERE id = "
                    + done.body().path("history_id")))
        .isEqualTo("api");
    assertThat(database.string("SELECT count(*) FROM v")).isEqualTo("3");
  }

  @Test
  void aRefreshThatFailsTellsPostgresError() throws SQLException {
    database.execute("UPDATE t SET a = 0");
    Answer queued = client.post("/api/views/%22My%2FView%20+%22/refreshes", "");
    assertThat(queued.status()).isEqualTo(202);
    Await.until("the refresh ends", () -> isDone(queued.location()));
    Answer failed = client.get(queued.location());
    assertThat(failed.text("status")).isEqualTo("failed");
    assertThat(failed.body().path("problem").path("sql_state").asString()).isEqualTo("22012");
    assertThat(failed.body().path("problem").path("message").asString())
        .isEqualTo("division by zero");
  }

  @Test
  void oneRefreshOfAViewWaitsAtATime() throws SQLException {
    try (Connection gate = database.connect();
        Statement statement = gate.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(1)");
      Answer held = client.post("/api/views/held/refreshes", "");
      Await.until("it runs", () -> client.get(held.location()).text("status").equals("running"));
      Answer first = client.post("/api/views/v/refreshes", "");
      Answer second = client.post("/api/views/v/refreshes", "");
      assertThat(first.status()).isEqualTo(202);
      assertThat(second.status()).isEqualTo(409);
      assertThat(second.text("sql_state")).isEqualTo("55006");
      assertThat(second.location()).isEqualTo(first.location());
      assertThat(client.get(first.location()).text("status")).isEqualTo("queued");
    }
  }

  private boolean isDone(String location) {
    return !List.of("queued", "running").contains(client.get(location).text("status"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /api/views/none            |                        | 404 | 42P01
          POST   | /api/views/none/refreshes  |                        | 404 | 42P01
          GET    | /api/views/a.b.c.d         |                        | 400 | 42601
          GET    | /api/refreshes/77          |                        | 404 | 02000
          GET    | /api/refreshes/x           |                        | 404 | 02000
          GET    | /elsewhere                 |                        | 404 | 02000
          DELETE | /api/views/v               |                        | 405 | 0A000
          GET    | /api/views/v/refreshes     |                        | 405 | 0A000
          POST   | /api/views/v/refreshes     | {"strategy": "magic"}  | 400 | 22023
          POST   | /api/views/v/refreshes     | {"speed": 11}          | 400 | 22023
          POST   | /api/views/v/refreshes     | ["swap"]               | 400 | 22023
          POST   | /api/views/v/refreshes     | {"strategy":           | 400 | 22023
          """)
  void refusalsHaveTheFieldsOfPostgresErrors(
      String method, String path, String body, int status, String state) {
    Answer refusal =
        client
            .with("Content-Type", "application/json")
            .send(method, path, body == null ? "" : body);
    assertThat(refusal.status()).isEqualTo(status);
    assertThat(refusal.type()).isEqualTo("application/problem+json");
    assertThat(refusal.body().path("status").asInt()).isEqualTo(status);
    assertThat(refusal.text("sql_state")).isEqualTo(state);
    assertThat(refusal.text("message")).isNotBlank();
  }

  @Test
  void bodiesAreBoundedAndOfOneType() {
    Client json = client.with("Content-Type", "application/json");
    assertThat(json.post("/api/views/v/refreshes", " ".repeat(20_000)).status()).isEqualTo(413);
    Client form = client.with("Content-Type", "application/x-www-form-urlencoded");
    assertThat(form.post("/api/views/v/refreshes", "{}").status()).isEqualTo(415);
  }

  @Test
  void pagesInABrowserAreNotServed() {
    assertThat(client.with("Host", "rebound.example:80").get("/api/views").status()).isEqualTo(403);
    Client page = client.with("Origin", "http://evil.example");
    assertThat(page.post("/api/views/v/refreshes", "").status()).isEqualTo(403);
    Client own = client.with("Origin", client.url());
    assertThat(own.post("/api/views/v/refreshes", "").status()).isEqualTo(202);
  }

  @Test
  void aTokenIsAskedFor() {
    try (Daemon guarded = daemon(Optional.of(Token.of(SECRET)))) {
      Client anybody = new Client(guarded.url(), List.of());
      assertThat(anybody.get("/health").status()).isEqualTo(401);
      assertThat(anybody.with("Authorization", "Bearer " + SECRET + "x").get("/health").status())
          .isEqualTo(401);
      assertThat(anybody.with("Authorization", SECRET).get("/health").status()).isEqualTo(401);
      Client known = anybody.with("Authorization", "Bearer " + SECRET);
      assertThat(known.get("/health").status()).isEqualTo(200);
      assertThat(known.with("Host", "freshet.example").get("/health").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:0", "[::]:0"})
  void otherAddressesNeedAToken(String address) {
    FreshetException refusal =
        catchThrowableOfType(
            FreshetException.class,
            () ->
                Daemon.start(
                        database.source(),
                        ListenAddress.parse(address),
                        Optional.empty(),
                        ONE_AT_A_TIME)
                    .close());
    assertThat(refusal.sqlState()).isEqualTo("55000");
    assertThat(refusal.problem().hint()).contains("FRESHET_TOKEN");
  }
}
