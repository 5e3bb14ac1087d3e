package dev.freshet.app.connect;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The connection parameters of libpq: which variable sets them and what the JDBC driver calls
/// them.
final class ParameterNames {
  /// libpq's name to the driver's name.
  private static final Map<String, String> DRIVER_NAMES =
      Map.ofEntries(
          entry("application_name", "ApplicationName"),
          entry("channel_binding", "channelBinding"),
          entry("connect_timeout", "connectTimeout"),
          entry("gssencmode", "gssEncMode"),
          entry("keepalives", "tcpKeepAlive"),
          entry("krbsrvname", "kerberosServerName"),
          entry("load_balance_hosts", "loadBalanceHosts"),
          entry("options", "options"),
          entry("require_auth", "requireAuth"),
          entry("sslcert", "sslcert"),
          entry("sslkey", "sslkey"),
          entry("sslmode", "sslmode"),
          entry("sslnegotiation", "sslNegotiation"),
          entry("sslpassword", "sslpassword"),
          entry("sslrootcert", "sslrootcert"),
          entry("target_session_attrs", "targetServerType"));

  /// Environment variable to libpq's name.
  private static final Map<String, String> VARIABLES =
      Map.ofEntries(
          entry("PGAPPNAME", "application_name"),
          entry("PGCHANNELBINDING", "channel_binding"),
          entry("PGCONNECT_TIMEOUT", "connect_timeout"),
          entry("PGDATABASE", "dbname"),
          entry("PGGSSENCMODE", "gssencmode"),
          entry("PGHOST", "host"),
          entry("PGHOSTADDR", "hostaddr"),
          entry("PGLOADBALANCEHOSTS", "load_balance_hosts"),
          entry("PGOPTIONS", "options"),
          entry("PGPASSFILE", "passfile"),
          entry("PGPASSWORD", "password"),
          entry("PGPORT", "port"),
          entry("PGREQUIREAUTH", "require_auth"),
          entry("PGSSLCERT", "sslcert"),
          entry("PGSSLKEY", "sslkey"),
          entry("PGSSLMODE", "sslmode"),
          entry("PGSSLNEGOTIATION", "sslnegotiation"),
          entry("PGSSLROOTCERT", "sslrootcert"),
          entry("PGTARGETSESSIONATTRS", "target_session_attrs"),
          entry("PGUSER", "user"));

  private ParameterNames() {}

  /// What the variables of the environment say.
  static ConnectionSettings fromEnvironment(Map<String, String> environment) {
    Map<String, String> values = new HashMap<>();
    VARIABLES.forEach((variable, name) -> {
      String value = environment.get(variable);
      if (value != null && !value.isEmpty()) {
        values.put(name, value);
      }
    });
    return settings(values);
  }

  /// Sorts parameters by their libpq names into settings; refuses unknown ones.
  static ConnectionSettings settings(Map<String, String> values) {
    Map<String, String> rest = new HashMap<>(values);
    @Nullable String address = rest.remove("hostaddr");
    @Nullable String name = rest.remove("host");
    List<Host> hosts = hosts(address == null ? name : address, rest.remove("port"));
    Optional<String> database = Optional.ofNullable(rest.remove("dbname"));
    Optional<String> user = Optional.ofNullable(rest.remove("user"));
    Optional<String> password = Optional.ofNullable(rest.remove("password"));
    rest.keySet().forEach(ParameterNames::requireKnown);
    return new ConnectionSettings(hosts, database, user, password, rest);
  }

  /// The driver's name of a parameter; empty for one that is only ours.
  static Optional<String> driverName(String name) {
    return Optional.ofNullable(DRIVER_NAMES.get(name));
  }

  /// The driver's value of a parameter.
  static String driverValue(String name, String value) {
    return switch (name) {
      case "keepalives" -> String.valueOf(!value.equals("0"));
      case "load_balance_hosts" -> String.valueOf(value.equals("random"));
      case "target_session_attrs" ->
          switch (value) {
            case "read-write", "primary" -> "primary";
            case "read-only", "standby" -> "secondary";
            case "prefer-standby" -> "preferSecondary";
            default -> value;
          };
      default -> value;
    };
  }

  private static List<Host> hosts(@Nullable String names, @Nullable String ports) {
    if (names == null && ports == null) {
      return List.of();
    }
    String[] eachName = names == null ? new String[] {""} : names.split(",", -1);
    String[] eachPort = ports == null ? new String[] {""} : ports.split(",", -1);
    if (eachPort.length != 1 && eachPort.length != eachName.length) {
      throw ConnectionProblems.refused(
          "could not match %d port numbers to %d hosts"
              .formatted(eachPort.length, eachName.length));
    }
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < eachName.length; i++) {
      hosts.add(ConnectionUrl.named(eachName[i], eachPort[eachPort.length == 1 ? 0 : i]));
    }
    return hosts;
  }

  private static void requireKnown(String name) {
    if (!DRIVER_NAMES.containsKey(name) && !name.equals("passfile")) {
      throw ConnectionProblems.refused(
          "invalid URI query parameter: \"%s\"".formatted(name),
          "Known ones: "
              + String.join(", ", DRIVER_NAMES.keySet().stream().sorted().toList())
              + ", passfile.");
    }
  }
}
