package dev.freshet.tests.http;

import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the API said.
record Answer(int status, JsonNode body, String type, String location) {
  static Answer of(HttpResponse<String> response) {
    return new Answer(
        response.statusCode(),
        JsonMapper.shared().readTree(response.body()),
        response.headers().firstValue("Content-Type").orElse(""),
        response.headers().firstValue("Location").orElse(""));
  }

  String text(String field) {
    return body.path(field).asString();
  }
}
