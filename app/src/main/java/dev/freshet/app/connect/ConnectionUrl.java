package dev.freshet.app.connect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads `postgresql://[user[:password]@][host[:port],...][/database][?name=value&...]`, the form
/// that libpq documents; every part may be left out and percent-encoded.
final class ConnectionUrl {
  private static final List<String> SCHEMES = List.of("postgresql://", "postgres://");

  private ConnectionUrl() {}

  static ConnectionSettings parse(String url) {
    String rest = afterScheme(url);
    int question = rest.indexOf('?');
    String address = question < 0 ? rest : rest.substring(0, question);
    int slash = address.indexOf('/');
    String authority = slash < 0 ? address : address.substring(0, slash);
    int at = authority.lastIndexOf('@');
    String account = at < 0 ? "" : authority.substring(0, at);
    int colon = account.indexOf(':');
    ConnectionSettings written =
        new ConnectionSettings(
            hosts(authority.substring(at + 1)),
            decoded(slash < 0 ? "" : address.substring(slash + 1)),
            decoded(colon < 0 ? account : account.substring(0, colon)),
            decoded(colon < 0 ? "" : account.substring(colon + 1)),
            Map.of());
    return question < 0 ? written : parameters(rest.substring(question + 1)).orElse(written);
  }

  private static String afterScheme(String url) {
    return SCHEMES.stream()
        .filter(url::startsWith)
        .map(scheme -> url.substring(scheme.length()))
        .findFirst()
        .orElseThrow(() ->
            ConnectionProblems.refused(
                "the value of --url is not a connection URL",
                "Write it as postgresql://user@host:5432/database?sslmode=require"
                    + " or jdbc:postgresql://host/database."));
  }

  private static Optional<String> decoded(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(UrlText.decode(text));
  }

  /// The parameters after the question mark; some of them name the server again and win.
  private static ConnectionSettings parameters(String query) {
    Map<String, String> values = new HashMap<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw ConnectionProblems.refused(
            "missing key/value separator \"=\" in URI query parameter: \"%s\"".formatted(pair));
      }
      values.put(
          UrlText.decode(pair.substring(0, equals)), UrlText.decode(pair.substring(equals + 1)));
    }
    return ParameterNames.settings(values);
  }

  static List<Host> hosts(String text) {
    List<Host> hosts = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String one : text.split(",", -1)) {
        hosts.add(host(one));
      }
    }
    return hosts;
  }

  private static Host host(String text) {
    int bracket = text.startsWith("[") ? text.indexOf(']') : -1;
    if (text.startsWith("[") && bracket < 0) {
      throw ConnectionProblems.refused(
          "end of string reached when looking for matching \"]\" in IPv6 host address");
    }
    int colon = text.indexOf(':', Math.max(bracket, 0));
    String name = colon < 0 ? text : text.substring(0, colon);
    String plain = bracket < 0 ? UrlText.decode(name) : name.substring(1, bracket);
    return named(plain, colon < 0 ? "" : text.substring(colon + 1));
  }

  /// A host by its name and port as written; empty means the default.
  static Host named(String name, String port) {
    if (name.startsWith("/") || name.startsWith("@")) {
      throw ConnectionProblems.refused(
          "connections through a Unix-domain socket are not supported",
          "Use TCP/IP: name localhost instead of \"" + name + "\".");
    }
    return new Host(name.isEmpty() ? Host.DEFAULT_NAME : name, port(port));
  }

  private static int port(String text) {
    try {
      return text.isEmpty() ? Host.DEFAULT_PORT : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw ConnectionProblems.refused("invalid port number: \"%s\"".formatted(text));
    }
  }
}
