package dev.freshet.app.connect;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a user said about the connection, in libpq's words; what was not said is empty.
///
/// @param hosts tried in this order
/// @param database name of the database
/// @param user role to connect as
/// @param password never printed
/// @param parameters further connection parameters by their libpq names, such as `sslmode`
public record ConnectionSettings(
    List<Host> hosts,
    Optional<String> database,
    Optional<String> user,
    Optional<String> password,
    Map<String, String> parameters) {

  public ConnectionSettings {
    hosts = List.copyOf(hosts);
    parameters = Map.copyOf(parameters);
  }

  /// These settings; where they say nothing, those of `fallback`.
  ConnectionSettings orElse(ConnectionSettings fallback) {
    Map<String, String> merged = new HashMap<>(fallback.parameters);
    merged.putAll(parameters);
    return new ConnectionSettings(
        hosts.isEmpty() ? fallback.hosts : hosts,
        database.or(() -> fallback.database),
        user.or(() -> fallback.user),
        password.or(() -> fallback.password),
        merged);
  }

  ConnectionSettings withPassword(String found) {
    return new ConnectionSettings(hosts, database, user, Optional.of(found), parameters);
  }

  /// True if a server, a database or a role was named.
  boolean namesServer() {
    return !hosts.isEmpty() || database.isPresent() || user.isPresent();
  }

  /// A URL for people, without the password.
  public String display() {
    String servers = hosts.stream().map(Host::toString).collect(Collectors.joining(","));
    return "postgresql://"
        + user.map(name -> UrlText.encode(name) + "@").orElse("")
        + servers
        + database.map(name -> "/" + UrlText.encode(name)).orElse("");
  }

  /// Without the password, which must not reach a log.
  @Override
  public String toString() {
    return display();
  }
}
