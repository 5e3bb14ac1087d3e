package dev.freshet.app.command;

import dev.freshet.Strategy;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a strategy by its label.
final class StrategyName implements ITypeConverter<Strategy> {
  @Override
  public Strategy convert(String value) {
    try {
      return Strategy.ofLabel(value);
    } catch (IllegalArgumentException e) {
      String labels =
          Arrays.stream(Strategy.values()).map(Strategy::label).collect(Collectors.joining(", "));
      throw new TypeConversionException(
          "unknown strategy \"%s\"; use one of %s".formatted(value, labels));
    }
  }
}
