package dev.freshet.app.http;

import dev.freshet.app.show.Json;
import dev.freshet.compiler.Problem;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a request gets.
///
/// @param type media type of the body
/// @param headers further headers
record Answer(int status, String type, String body, Map<String, String> headers) {

  static Answer json(int status, Object value) {
    return new Answer(status, "application/json", Json.text(value) + "\n", Map.of());
  }

  /// A refusal or a failure, with the fields of PostgreSQL's errors.
  static Answer problem(int status, Problem problem) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "about:blank");
    fields.put("title", title(status));
    fields.put("status", status);
    fields.putAll(fieldsOf(problem));
    return new Answer(status, "application/problem+json", Json.text(fields) + "\n", Map.of());
  }

  static Map<String, Object> fieldsOf(Problem problem) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("sql_state", problem.sqlState());
    fields.put("message", problem.message());
    if (problem.detail() != null) {
      fields.put("detail", problem.detail());
    }
    if (problem.hint() != null) {
      fields.put("hint", problem.hint());
    }
    return fields;
  }

  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, type, body, more);
  }

  byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 409 -> "Conflict";
      case 413 -> "Content Too Large";
      case 415 -> "Unsupported Media Type";
      case 503 -> "Service Unavailable";
      default -> "Internal Server Error";
    };
  }
}
