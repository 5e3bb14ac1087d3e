package dev.freshet.app.show;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.RefreshReport;
import dev.freshet.VerifyReport;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/// The API's records as JSON: names in snake_case, times in ISO 8601 (UTC), durations in seconds,
/// sizes in bytes, enumerations in kebab-case, what is unknown as null.
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.ALWAYS))
          .enable(
              SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .addMixIn(RefreshReport.class, WithDuration.class)
          .addMixIn(VerifyReport.class, WithEqual.class)
          .addModule(
              new SimpleModule("freshet")
                  .addSerializer(new Seconds())
                  .addSerializer(new KebabCase()))
          .build();

  private Json() {}

  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /// What a report computes belongs into its JSON too.
  private interface WithDuration {
    @JsonProperty("duration")
    Optional<Duration> duration();
  }

  private interface WithEqual {
    @JsonProperty("equal")
    boolean equal();
  }

  private static final class Seconds extends StdSerializer<Duration> {
    Seconds() {
      super(Duration.class);
    }

    @Override
    public void serialize(Duration value, JsonGenerator json, SerializationContext context) {
      json.writeNumber(TimeUnit.NANOSECONDS.toMicros(value.toNanos()) / 1e6);
    }
  }

  @SuppressWarnings("rawtypes")
  private static final class KebabCase extends StdSerializer<Enum> {
    KebabCase() {
      super(Enum.class);
    }

    @Override
    public void serialize(Enum value, JsonGenerator json, SerializationContext context) {
      json.writeString(value.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
  }
}
