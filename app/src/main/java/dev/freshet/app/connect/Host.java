package dev.freshet.app.connect;

/// One server address.
///
/// @param name host name or IP address, an IPv6 one without brackets
/// @param port TCP port
public record Host(String name, int port) {
  static final String DEFAULT_NAME = "localhost";
  static final int DEFAULT_PORT = 5432;

  public Host {
    if (port < 1 || port > 65535) {
      throw ConnectionProblems.refused("invalid port number: \"%d\"".formatted(port));
    }
  }

  /// As in a URL: an IPv6 address in brackets.
  @Override
  public String toString() {
    return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
  }
}
