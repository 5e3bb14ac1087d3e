package dev.freshet.app.connect;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.postgresql.jdbcurlresolver.PgPassParser;

/// Decides which server a command talks to: the URL, else the `PG*` variables, else the embedded
/// server if it runs.
///
/// @param environment the process's variables
/// @param userName the operating system's user, the default role
/// @param embedded the URL of the embedded server if it runs
public record ServerChoice(
    Map<String, String> environment, String userName, Supplier<Optional<String>> embedded) {

  /// False if nothing names a server, so that the embedded one is meant.
  public boolean isNamed(Optional<String> url) {
    return url.isPresent() || ParameterNames.fromEnvironment(environment).namesServer();
  }

  /// Connects to nothing yet.
  public Server choose(Optional<String> url) {
    if (url.isPresent() && url.get().startsWith("jdbc:")) {
      return Server.ofJdbc(url.get(), ParameterNames.fromEnvironment(environment));
    }
    ConnectionSettings variables = ParameterNames.fromEnvironment(environment);
    if (url.isPresent()) {
      return Server.of(complete(ConnectionUrl.parse(url.get()).orElse(variables)));
    }
    if (variables.namesServer()) {
      return Server.of(complete(variables));
    }
    String own = embedded.get().orElseThrow(ConnectionProblems::noServer);
    return Server.of(complete(ConnectionUrl.parse(own)));
  }

  /// Adds PostgreSQL's defaults and the password file's answer.
  private ConnectionSettings complete(ConnectionSettings said) {
    String user = said.user().orElse(userName);
    ConnectionSettings known =
        said.orElse(
            new ConnectionSettings(
                List.of(new Host(Host.DEFAULT_NAME, Host.DEFAULT_PORT)),
                Optional.of(said.database().orElse(user)),
                Optional.of(user),
                Optional.empty(),
                Map.of("application_name", "freshet")));
    return known.orElse(
        new ConnectionSettings(
            List.of(), Optional.empty(), Optional.empty(), passwordFromFile(known), Map.of()));
  }

  /// The driver's reader knows the format and refuses a file that others may read.
  private static Optional<String> passwordFromFile(ConnectionSettings known) {
    if (known.password().isPresent()) {
      return Optional.empty();
    }
    String file = known.parameters().get("passfile");
    if (file != null) {
      System.setProperty("org.postgresql.pgpassfile", file);
    }
    String user = known.user().orElseThrow();
    String database = known.database().orElseThrow();
    for (Host host : known.hosts()) {
      String port = String.valueOf(host.port());
      String password = PgPassParser.getPassword(user, database, host.name(), port);
      if (password != null) {
        return Optional.of(password);
      }
    }
    return Optional.empty();
  }
}
