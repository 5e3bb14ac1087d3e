package dev.freshet.app.http;

import com.sun.net.httpserver.HttpExchange;
import dev.freshet.compiler.Problem;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One request, with bounds on what is read of it.
record Request(HttpExchange exchange) {
  private static final int LARGEST_BODY = 16 * 1024;

  /// `HEAD` asks for what `GET` does.
  String method() {
    return exchange.getRequestMethod().equals("HEAD") ? "GET" : exchange.getRequestMethod();
  }

  boolean changesNothing() {
    return method().equals("GET");
  }

  /// The parts of the path, decoded.
  List<String> path() {
    String raw = exchange.getRequestURI().getRawPath();
    try {
      return Arrays.stream(raw.substring(1).split("/", -1))
          .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
          .toList();
    } catch (IllegalArgumentException e) {
      throw new Refused(400, Problem.of("22023", "invalid escape in path \"" + raw + "\""));
    }
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /// The body as text; empty if there is none.
  String body() throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
    if (body.length > LARGEST_BODY) {
      throw new Refused(
          413, Problem.of("54000", "the body is larger than " + LARGEST_BODY + " bytes"));
    }
    String text = new String(body, StandardCharsets.UTF_8);
    if (!text.isBlank() && !isJson()) {
      throw new Refused(415, Problem.of("22023", "the body must be of type application/json"));
    }
    return text;
  }

  private boolean isJson() {
    String type = header("Content-Type").orElse("");
    return type.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
  }
}
