package dev.freshet.app.http;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the API listens.
///
/// @param host name or address, as the user wrote it
/// @param port 0 takes any free one
public record ListenAddress(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]+):(\\d{1,5})");

  public ListenAddress {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is out of range");
    }
  }

  /// Reads `127.0.0.1:8080`, `localhost:0` or `[::1]:8080`.
  ///
  /// @throws IllegalArgumentException if the text is no address with a port
  public static ListenAddress parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "invalid address \"" + text + "\"; write HOST:PORT, such as 127.0.0.1:8080");
    }
    return new ListenAddress(form.group(1), Integer.parseInt(form.group(2)));
  }

  /// Throws [UnknownHostException] if the name means nothing.
  InetSocketAddress resolve() throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  /// Returns if the API may be served here.
  ///
  /// @throws FreshetException 55000 if others than programs of this machine could ask without a
  ///   token
  void requireToken(Optional<Token> token) throws UnknownHostException {
    if (token.isEmpty() && !InetAddress.getByName(host).isLoopbackAddress()) {
      throw new FreshetException(
          Problem.of("55000", "refusing to listen on " + host + " without a token")
              .withDetail("Others than programs of this machine could ask there.")
              .withHint("Set FRESHET_TOKEN or --token-file, or listen on 127.0.0.1."));
    }
  }
}
