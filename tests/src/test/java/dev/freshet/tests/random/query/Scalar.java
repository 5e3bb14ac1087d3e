package dev.freshet.tests.random.query;

import dev.freshet.tests.random.table.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// An expression over the columns of one input or of two.
public sealed interface Scalar {
  DataType type();

  /// Whose columns a reference means.
  enum Side {
    LEFT,
    RIGHT,
    BOTH
  }

  /// The column of this type with this number, counted round and round. NULL if there is none.
  record Reference(Side side, DataType type, int number) implements Scalar {}

  /// A literal, without a cast.
  record Constant(DataType type, String literal) implements Scalar {
    static final Constant TRUE = new Constant(DataType.BOOL, "true");
  }

  /// Any SQL with a place `%s` for each argument.
  record Apply(String format, DataType type, List<Scalar> arguments) implements Scalar {}

  static Scalar apply(String format, DataType type, Scalar... arguments) {
    return new Apply(format, type, List.of(arguments));
  }

  /// What the expression looks like over these columns.
  default Output write(Scope scope) {
    return switch (this) {
      case Reference(Side side, DataType type, int number) -> scope.find(side, type, number);
      case Constant(DataType type, String literal) ->
          new Output(literal + "::" + type.sql(), "c", type, true);
      case Apply(String format, DataType type, List<Scalar> arguments) -> {
        List<Output> written = arguments.stream().map(argument -> argument.write(scope)).toList();
        yield new Output(
            format.formatted(written.stream().map(Output::sql).toArray()),
            "c",
            type,
            written.stream().allMatch(Output::determined));
      }
    };
  }

  /// Simpler expressions of the same type.
  default List<Scalar> reductions() {
    List<Scalar> simpler = new ArrayList<>();
    if (type() == DataType.BOOL && !equals(Constant.TRUE)) {
      simpler.add(Constant.TRUE);
    }
    if (this instanceof Apply(String format, DataType type, List<Scalar> arguments)) {
      simpler.add(new Reference(Side.BOTH, type, 0));
      arguments.stream().filter(argument -> argument.type() == type).forEach(simpler::add);
      for (int i = 0; i < arguments.size(); i++) {
        for (Scalar argument : arguments.get(i).reductions()) {
          simpler.add(new Apply(format, type, replaced(arguments, i, argument)));
        }
      }
    }
    return simpler;
  }

  static <T> List<T> replaced(List<T> list, int place, T value) {
    List<T> copy = new ArrayList<>(list);
    copy.set(place, value);
    return List.copyOf(copy);
  }

  /// The expressions in a list, for GROUP BY and the like.
  static String list(List<Output> outputs) {
    return outputs.stream().map(Output::sql).collect(Collectors.joining(", "));
  }
}
