package dev.freshet.app.http;

import dev.freshet.Strategy;
import dev.freshet.compiler.Problem;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The body of a request for a refresh: nothing, or `{"strategy": "swap"}`.
record RefreshBody(Optional<Strategy> strategy) {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  static RefreshBody parse(String text) {
    if (text.isBlank()) {
      return new RefreshBody(Optional.empty());
    }
    JsonNode body = read(text);
    if (!body.isObject()) {
      throw invalid("the body must be a JSON object");
    }
    Set<String> unknown = new TreeSet<>(body.propertyNames());
    unknown.remove("strategy");
    if (!unknown.isEmpty()) {
      throw invalid("unknown field \"" + unknown.iterator().next() + "\"");
    }
    return new RefreshBody(strategy(body.path("strategy")));
  }

  private static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw invalid("the body is not valid JSON");
    }
  }

  private static Optional<Strategy> strategy(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    String label = value.isString() ? value.stringValue() : value.toString();
    return Optional.of(
        Arrays.stream(Strategy.values())
            .filter(strategy -> strategy.label().equals(label))
            .findFirst()
            .orElseThrow(() -> unknown(label)));
  }

  private static Refused unknown(String label) {
    String known =
        Arrays.stream(Strategy.values()).map(Strategy::label).collect(Collectors.joining(", "));
    return new Refused(
        400,
        Problem.of("22023", "unknown refresh strategy \"" + label + "\"")
            .withHint("Strategies are " + known + "."));
  }

  private static Refused invalid(String message) {
    return new Refused(
        400,
        Problem.of("22023", message).withHint("Send nothing, or {\"strategy\": \"concurrent\"}."));
  }
}
