package dev.freshet.tests.random.query;

import dev.freshet.tests.random.query.Scalar.Constant;
import dev.freshet.tests.random.query.Scalar.Reference;
import dev.freshet.tests.random.query.Scalar.Side;
import dev.freshet.tests.random.table.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Random expressions and conditions over columns of known types.
final class ScalarGenerator {
  private final Random random;

  ScalarGenerator(Random random) {
    this.random = random;
  }

  /// One of the columns.
  Scalar column(List<DataType> types) {
    return reference(Side.BOTH, pick(types));
  }

  /// A column of one of these types; one of any type if there is none.
  Scalar columnOf(List<DataType> types, List<DataType> wanted) {
    List<DataType> fitting = types.stream().filter(wanted::contains).toList();
    return column(fitting.isEmpty() ? types : fitting);
  }

  /// A column, or an expression over columns of the same row.
  Scalar expression(List<DataType> types) {
    if (random.nextBoolean()) {
      return column(types);
    }
    DataType type = pick(types);
    Scalar one = reference(Side.BOTH, type);
    Scalar other = random.nextBoolean() ? reference(Side.BOTH, type) : constant(type);
    return switch (type) {
      case INT, BIGINT, NUMERIC -> arithmetic(type, one, other, types);
      case TEXT ->
          random.nextBoolean()
              ? Scalar.apply("upper(%s)", type, one)
              : Scalar.apply("(%s || %s)", type, one, other);
      case DATE -> Scalar.apply("(%s + 1)", type, one);
      case BOOL -> condition(types);
      case SMALLINT, VARCHAR, CHAR, MONEY, TIMESTAMP, FLOAT, INTERVAL, JSONB, INTS, TEXTS ->
          choice(type, one, other, types);
    };
  }

  private Scalar arithmetic(DataType type, Scalar one, Scalar other, List<DataType> types) {
    return switch (random.nextInt(5)) {
      case 0 -> Scalar.apply("(%s + %s)", type, one, other);
      case 1 -> Scalar.apply("(%s - %s)", type, one, other);
      case 2 -> Scalar.apply("(%s %% 3)", type, one);
      default -> choice(type, one, other, types);
    };
  }

  private Scalar choice(DataType type, Scalar one, Scalar other, List<DataType> types) {
    return random.nextBoolean()
        ? Scalar.apply("coalesce(%s, %s)", type, one, other)
        : Scalar.apply("CASE WHEN %s THEN %s ELSE %s END", type, comparison(types), one, other);
  }

  /// A condition on the columns of one input.
  Scalar condition(List<DataType> types) {
    return switch (random.nextInt(6)) {
      case 0 -> Scalar.apply("(%s AND %s)", DataType.BOOL, comparison(types), comparison(types));
      case 1 -> Scalar.apply("(%s OR %s)", DataType.BOOL, comparison(types), comparison(types));
      case 2 -> Scalar.apply("(NOT %s)", DataType.BOOL, comparison(types));
      default -> comparison(types);
    };
  }

  private Scalar comparison(List<DataType> types) {
    DataType type = pick(types);
    Scalar one = reference(Side.BOTH, type);
    return switch (random.nextInt(7)) {
      case 0 -> Scalar.apply("(%s IS NULL)", DataType.BOOL, one);
      case 1 -> Scalar.apply("(%s IS NOT NULL)", DataType.BOOL, one);
      case 2 ->
          Scalar.apply("(%s IN (%s, %s))", DataType.BOOL, one, constant(type), constant(type));
      case 3 -> compare(one, reference(Side.BOTH, type));
      default -> compare(one, constant(type));
    };
  }

  private Scalar compare(Scalar one, Scalar other) {
    String operator = List.of("=", "<>", "<", "<=", ">", ">=").get(random.nextInt(6));
    return Scalar.apply("(%s " + operator + " %s)", DataType.BOOL, one, other);
  }

  /// Columns of two inputs that are equal.
  Scalar equality(List<DataType> left, List<DataType> right) {
    return matching("(%s = %s)", left, right);
  }

  /// Any comparison but equality.
  Scalar inequality(List<DataType> left, List<DataType> right) {
    List<String> operators = List.of("<", "<=", ">", "<>", "IS NOT DISTINCT FROM");
    return matching("(%s " + operators.get(random.nextInt(5)) + " %s)", left, right);
  }

  private Scalar matching(String format, List<DataType> left, List<DataType> right) {
    List<DataType> shared = new ArrayList<>(left.stream().filter(right::contains).toList());
    if (shared.isEmpty()) {
      return Scalar.Constant.TRUE;
    }
    DataType type =
        shared.contains(DataType.INT) && random.nextInt(4) > 0 ? DataType.INT : pick(shared);
    return Scalar.apply(
        format, DataType.BOOL, reference(Side.LEFT, type), reference(Side.RIGHT, type));
  }

  Scalar and(Scalar one, Scalar other) {
    return Scalar.apply("(%s AND %s)", DataType.BOOL, one, other);
  }

  Scalar reference(Side side, DataType type) {
    return new Reference(side, type, random.nextInt(4));
  }

  private Scalar constant(DataType type) {
    return new Constant(type, type.value(random));
  }

  /// Types with the given ones left out.
  static List<DataType> allBut(DataType... types) {
    List<DataType> left = new ArrayList<>(Arrays.asList(DataType.values()));
    left.removeAll(Arrays.asList(types));
    return left;
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
