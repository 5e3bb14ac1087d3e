package dev.freshet.tests.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.FreshetException;
import dev.freshet.app.connect.PasswordFile;
import dev.freshet.app.connect.Server;
import dev.freshet.app.connect.ServerChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// URLs, variables and password files mean what they mean to libpq.
final class ServerChoiceTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          postgresql://                              | postgresql://os@localhost:5432/os
          postgres://db                              | postgresql://os@db:5432/os
          postgresql://db/shop                       | postgresql://os@db:5432/shop
          postgresql://me@db:6432/shop               | postgresql://me@db:6432/shop
          postgresql://me:secret@db/shop             | postgresql://me@db:5432/shop
          postgresql://me:a%40b%3A%25@db/shop        | postgresql://me@db:5432/shop
          postgresql://m%20e@db/my%2Fshop            | postgresql://m%20e@db:5432/my%2Fshop
          postgresql://a:1,b:2,c/shop                | postgresql://os@a:1,b:2,c:5432/shop
          postgresql://[::1]:5433/shop               | postgresql://os@[::1]:5433/shop
          postgresql://[2001:db8::1]/shop            | postgresql://os@[2001:db8::1]:5432/shop
          postgresql:///shop?host=a,b&port=1         | postgresql://os@a:1,b:1/shop
          postgresql://db/?dbname=shop&user=me       | postgresql://me@db:5432/shop
          postgresql://db/shop?hostaddr=10.0.0.7     | postgresql://os@10.0.0.7:5432/shop
          """)
  void readsUrls(String url, String shown) {
    assertThat(choose(url).display()).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          db/shop                             | the value of --url is not a connection URL
          postgresql://db:x/shop              | invalid port number: "x"
          postgresql://db:70000/shop          | invalid port number: "70000"
          postgresql://[::1/shop              | end of string reached when looking for matching "]" in IPv6 host address
          postgresql://%zz/shop               | invalid percent-encoded token in the URL
          postgresql://d%00/shop              | forbidden value %00 in percent-encoded value of the URL
          postgresql://%ff/shop               | percent-encoded value of the URL is not valid UTF-8
          postgresql://db/shop?sslmode        | missing key/value separator "=" in URI query parameter: "sslmode"
          postgresql://db/shop?colour=red     | invalid URI query parameter: "colour"
          postgresql://db/?host=a,b&port=1,2,3 | could not match 3 port numbers to 2 hosts
          postgresql://%2Ftmp/shop            | connections through a Unix-domain socket are not supported
          """)
  void refusesWhatItCannotRead(String url, String message) {
    assertThatExceptionOfType(FreshetException.class)
        .isThrownBy(() -> choose(url))
        .withMessage(message);
  }

  @Test
  void passesParametersToTheDriver() {
    Server server =
        choose(
            "postgresql://db/shop?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/me.pem"
                + "&sslkey=/me.key&application_name=report%20job&connect_timeout=7"
                + "&options=-c%20search_path%3Dsales&target_session_attrs=read-write");
    assertThat(server.getSslMode()).isEqualTo("verify-full");
    assertThat(server.getSslRootCert()).isEqualTo("/ca.pem");
    assertThat(server.getSslCert()).isEqualTo("/me.pem");
    assertThat(server.getSslKey()).isEqualTo("/me.key");
    assertThat(server.getApplicationName()).isEqualTo("report job");
    assertThat(server.getConnectTimeout()).isEqualTo(7);
    assertThat(server.getOptions()).isEqualTo("-c search_path=sales");
    assertThat(server.getTargetServerType()).isEqualTo("primary");
  }

  @Test
  void decodesThePassword() {
    assertThat(choose("postgresql://me:a%40b%3A%25+c@db/shop").getPassword()).isEqualTo("a@b:%+c");
  }

  @Test
  void takesVariablesWhereTheUrlIsSilent() {
    Map<String, String> variables =
        Map.of(
            "PGHOST", "envhost",
            "PGPORT", "7000",
            "PGUSER", "envuser",
            "PGPASSWORD", "envpassword",
            "PGDATABASE", "envdb",
            "PGSSLMODE", "require",
            "PGAPPNAME", "envapp",
            "PGCONNECT_TIMEOUT", "3",
            "PGOPTIONS", "-c jit=off");
    Server all = choice(variables).choose(Optional.empty());
    assertThat(all.display()).isEqualTo("postgresql://envuser@envhost:7000/envdb");
    assertThat(all.getPassword()).isEqualTo("envpassword");
    assertThat(all.getSslMode()).isEqualTo("require");
    assertThat(all.getApplicationName()).isEqualTo("envapp");
    assertThat(all.getConnectTimeout()).isEqualTo(3);
    assertThat(all.getOptions()).isEqualTo("-c jit=off");
    Server some = choice(variables).choose(Optional.of("postgresql://me@db/?sslmode=disable"));
    assertThat(some.display()).isEqualTo("postgresql://me@db:5432/envdb");
    assertThat(some.getSslMode()).isEqualTo("disable");
  }

  @Test
  void takesTheEmbeddedServerLast() {
    String own = "postgresql://postgres:pw@127.0.0.1:4711/postgres";
    ServerChoice choice = new ServerChoice(Map.of(), "os", () -> Optional.of(own));
    assertThat(choice.choose(Optional.empty()).display())
        .isEqualTo("postgresql://postgres@127.0.0.1:4711/postgres");
    assertThat(choice.choose(Optional.of("postgresql://db")).display()).contains("@db:");
    ServerChoice named = new ServerChoice(Map.of("PGHOST", "h"), "os", () -> Optional.of(own));
    assertThat(named.choose(Optional.empty()).display()).contains("@h:");
  }

  @Test
  void takesJdbcUrls() {
    Server server =
        choice(Map.of("PGPASSWORD", "pw")).choose(Optional.of("jdbc:postgresql://h:1/d"));
    assertThat(server.getServerNames()).containsExactly("h");
    assertThat(server.getPortNumbers()).containsExactly(1);
    assertThat(server.getDatabaseName()).isEqualTo("d");
    assertThat(server.getPassword()).isEqualTo("pw");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          postgresql://me@db/shop         | exact
          postgresql://me@db:6432/shop    | other port
          postgresql://you@db/shop        | any user
          postgresql://a%3Ab@db/x         | colon:user
          postgresql://me@far:1,db:6432/x | other port
          """)
  void findsThePasswordInTheFile(String url, String password) throws IOException {
    Path file =
        passwords(
            "# comment",
            "db:6432:*:me:other port",
            "db:5432:shop:me:exact",
            "*:*:shop:*:any user",
            "*:*:*:a\\:b:colon\\:user");
    assertThat(choose(url + "?passfile=" + file).getPassword()).isEqualTo(password.strip());
  }

  @Test
  void ignoresAPasswordFileThatOthersMayRead() throws IOException {
    Path file = passwords("*:*:*:*:open secret");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(choose("postgresql://me@db/shop?passfile=" + file).getPassword()).isEmpty();
  }

  @Test
  void keepsAPasswordInAFile() throws IOException {
    Path file = directory.resolve("pg pass");
    String url =
        PasswordFile.takePassword("postgresql://m%3Ae:p%3Aw%5C@127.0.0.1:4711/postgres", file);
    assertThat(url).startsWith("postgresql://m%3Ae@127.0.0.1:4711/postgres?passfile=/");
    assertThat(url).endsWith("/pg%20pass").doesNotContain("p%3Aw");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(choose(url).getPassword()).isEqualTo("p:w\\");
  }

  @Test
  void looksForThePasswordFileAtHome() throws IOException {
    Path file = passwords("db:*:*:*:from home");
    Files.move(file, directory.resolve(".pgpass"));
    Server server =
        choice(Map.of("HOME", directory.toString())).choose(Optional.of("postgresql://db"));
    assertThat(server.getPassword()).isEqualTo("from home");
  }

  private Path passwords(String... lines) throws IOException {
    Path file = Files.write(directory.resolve("passwords"), List.of(lines));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static Server choose(String url) {
    return choice(Map.of()).choose(Optional.of(url));
  }

  private static ServerChoice choice(Map<String, String> variables) {
    return new ServerChoice(variables, "os", Optional::empty);
  }
}
