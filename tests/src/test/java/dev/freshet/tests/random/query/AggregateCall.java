package dev.freshet.tests.random.query;

import dev.freshet.tests.random.table.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An aggregate over the rows of a group.
///
/// @param argument ignored by count(*)
public record AggregateCall(
    Function function, Scalar argument, boolean distinct, Optional<Scalar> filter) {
  static final AggregateCall COUNT_ROWS =
      new AggregateCall(Function.COUNT_ROWS, Scalar.Constant.TRUE, false, Optional.empty());

  /// The aggregates. Those that depend on the order of rows have a total one.
  public enum Function {
    COUNT_ROWS("count(*)"),
    COUNT("count(%1$s%2$s)"),
    SUM("sum(%1$s%2$s)"),
    AVG("avg(%1$s%2$s)"),
    MIN("min(%1$s%2$s)"),
    MAX("max(%1$s%2$s)"),
    BOOL_AND("bool_and(%1$s%2$s)"),
    BOOL_OR("bool_or(%1$s%2$s)"),
    STRING_AGG("string_agg(%1$s%2$s, ',' ORDER BY %2$s)"),
    ARRAY_AGG("array_agg(%1$s%2$s ORDER BY %2$s)");

    private final String format;

    Function(String format) {
      this.format = format;
    }
  }

  Operator operator() {
    return switch (function) {
      case COUNT_ROWS, COUNT -> Operator.COUNT;
      case SUM, AVG ->
          argument.type() == DataType.FLOAT
              ? Operator.FLOAT_AGGREGATE
              : function == Function.SUM ? Operator.SUM : Operator.AVG;
      case MIN, MAX -> Operator.MIN_MAX;
      case BOOL_AND, BOOL_OR -> Operator.BOOL_AGGREGATE;
      case STRING_AGG, ARRAY_AGG -> Operator.ORDERED_AGGREGATE;
    };
  }

  Output write(Scope scope) {
    Output over = argument.write(scope);
    String call = function.format.formatted(distinct ? "DISTINCT " : "", over.sql());
    String sql =
        filter
            .map(condition -> call + " FILTER (WHERE " + condition.write(scope).sql() + ")")
            .orElse(call);
    DataType type = type();
    boolean takesOne = distinct || function == Function.MIN || function == Function.MAX;
    boolean determined = over.determined() && !(takesOne && !over.type().hasEqualImages());
    return new Output(sql, "c", type, type.hasEqualImages() || determined);
  }

  private DataType type() {
    return switch (function) {
      case COUNT_ROWS, COUNT -> DataType.BIGINT;
      case SUM ->
          switch (argument.type()) {
            case INT, SMALLINT -> DataType.BIGINT;
            case FLOAT -> DataType.FLOAT;
            default -> DataType.NUMERIC;
          };
      case AVG -> argument.type() == DataType.FLOAT ? DataType.FLOAT : DataType.NUMERIC;
      case MIN, MAX -> argument.type();
      case BOOL_AND, BOOL_OR -> DataType.BOOL;
      case STRING_AGG -> DataType.TEXT;
      case ARRAY_AGG -> argument.type() == DataType.INT ? DataType.INTS : DataType.TEXTS;
    };
  }

  List<AggregateCall> reductions() {
    List<AggregateCall> simpler = new ArrayList<>();
    if (!equals(COUNT_ROWS)) {
      simpler.add(COUNT_ROWS);
    }
    if (distinct) {
      simpler.add(new AggregateCall(function, argument, false, filter));
    }
    if (filter.isPresent()) {
      simpler.add(new AggregateCall(function, argument, distinct, Optional.empty()));
      filter.get().reductions().stream()
          .map(condition -> new AggregateCall(function, argument, distinct, Optional.of(condition)))
          .forEach(simpler::add);
    }
    argument.reductions().stream()
        .map(simplerArgument -> new AggregateCall(function, simplerArgument, distinct, filter))
        .forEach(simpler::add);
    return simpler;
  }
}
