package dev.freshet.app.connect;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

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
    return known.password().isPresent() ? known : known.withPassword(passwordFromFile(known));
  }

  /// An empty password where there is none keeps the driver from looking in files of its own
  /// choice, which it reads whoever else may read them.
  private String passwordFromFile(ConnectionSettings known) {
    return Optional.ofNullable(known.parameters().get("passfile"))
        .or(() -> Optional.ofNullable(environment.get("HOME")).map(home -> home + "/.pgpass"))
        .flatMap(file -> PasswordFile.find(Path.of(file), known))
        .orElse("");
  }
}
