package dev.freshet.app.command;

import dev.freshet.Strategy;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a strategy that a refresh can ask for by its label.
final class StrategyName implements ITypeConverter<Strategy> {
  @Override
  public Strategy convert(String value) {
    return known()
        .filter(strategy -> strategy.label().equals(value))
        .findFirst()
        .orElseThrow(() ->
            new TypeConversionException(
                "unknown strategy \"%s\"; use one of %s"
                    .formatted(
                        value, known().map(Strategy::label).collect(Collectors.joining(", ")))));
  }

  private static Stream<Strategy> known() {
    return Arrays.stream(Strategy.values()).filter(Strategy::isOfRefreshes);
  }
}
