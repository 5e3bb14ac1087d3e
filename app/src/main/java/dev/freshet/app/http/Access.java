package dev.freshet.app.http;

import dev.freshet.compiler.Problem;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/// Who may ask: whoever knows the token; without a token, programs of this machine, but no web page
/// in its browsers.
///
/// @param token empty only where the server listens on a loopback address
record Access(Optional<Token> token) {
  private static final Pattern LOOPBACK_HOST =
      Pattern.compile("(?i)(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");
  private static final String SCHEME = "Bearer ";

  /// Returns if the request may be served.
  ///
  /// @throws Refused otherwise
  void check(Request request) {
    String host = request.header("Host").orElse("");
    if (token.isEmpty() && !LOOPBACK_HOST.matcher(host).matches()) {
      throw new Refused(
          403,
          Problem.of("28000", "host \"" + host + "\" is not served")
              .withDetail("A page elsewhere could have made a name of its own mean this machine.")
              .withHint("Ask localhost, or start the server with a token."));
    }
    request.header("Origin").filter(origin -> !isOf(origin, host)).ifPresent(Access::refuse);
    token.ifPresent(known -> checkToken(known, request));
  }

  private static boolean isOf(String origin, String host) {
    try {
      return host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void refuse(String origin) {
    throw new Refused(403, Problem.of("28000", "origin \"" + origin + "\" is not served"));
  }

  private static void checkToken(Token token, Request request) {
    boolean known =
        request
            .header("Authorization")
            .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
            .map(value -> value.substring(SCHEME.length()).strip())
            .filter(token::matches)
            .isPresent();
    if (!known) {
      throw new Refused(
          401,
          Problem.of("28000", "a valid bearer token is needed")
              .withHint("Send the header \"Authorization: Bearer TOKEN\"."));
    }
  }
}
