package dev.freshet.compiler.emit;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Quote;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a storage keeps of one aggregate so that changes can be added, and when they cannot.
///
/// In the SQL, `i` is a row of the aggregate's input or of its delta, `d` what the delta of a group
/// adds up to, `s` the stored group, `g` the group as it will be. A group that is new has NULLs for
/// `s`.
///
/// @param parts the numbers that are kept
/// @param dirty a condition on `d` and `s` under which the group must be computed anew; empty if
///   changes can always be added
/// @param measures what the condition needs of the delta
/// @param result the aggregate's value, from `g`
/// @param distinct what is counted, if only different values are
record GroupState(
    List<Part> parts,
    String dirty,
    List<Measure> measures,
    String result,
    Optional<Distinct> distinct) {

  GroupState(List<Part> parts, String dirty, List<Measure> measures, String result) {
    this(parts, dirty, measures, result, Optional.empty());
  }

  /// Different values are counted by how many of them a group has gained or lost.
  ///
  /// @param column of the input
  /// @param filter which rows count; empty for all
  /// @param gained the column of `i` with the number, in rows of multiplicity 0
  record Distinct(String column, String filter, String gained) {}

  /// A number that is kept for each group.
  ///
  /// @param name of its column
  /// @param build an aggregate over all rows of the group
  /// @param delta an aggregate over the delta of the group
  /// @param next its new value, from `s` and `d`
  record Part(String name, String build, String delta, String next) {}

  /// What an aggregate is computed of.
  ///
  /// @param scale of its values, if they are numbers
  record Argument(ColumnType type, Optional<Scales.Scale> scale) {}

  /// Something about the delta of a group, as a column of `d`.
  record Measure(String name, String aggregate) {}

  private static final Pattern OF_GROUP = Pattern.compile("\\bg\\.(freshet\\$\\w+)");

  /// The aggregate's value where other terms stand for what is kept than the columns of `g`.
  String result(GroupTerms group) {
    return OF_GROUP
        .matcher(result)
        .replaceAll(number -> Matcher.quoteReplacement(group.number().apply(number.group(1))));
  }

  /// Whether numbers can always be added, apart from NaN and infinities.
  boolean isAddable() {
    return distinct.isEmpty()
        && measures.stream().allMatch(measure -> measure.name().endsWith("_special"));
  }

  private static final String M = "i." + Staging.M;
  private static final String SPECIAL = " IN ('NaN', 'Infinity', '-Infinity')";

  /// The state of each aggregate; empty where groups are always computed anew.
  static List<Optional<GroupState>> of(Aggregate aggregate, ColumnTypes types) {
    List<Output> outputs = aggregate.aggregates().toList();
    return IntStream.range(0, outputs.size())
        .mapToObj(i -> of(outputs.get(i), i + 1, text -> argument(aggregate, types, text)))
        .toList();
  }

  /// Whether an argument is NULL in no row: so as many rows count as the group has. For a column
  /// that would depend on a constraint, whose end an older snapshot does not show.
  private static boolean isNeverNull(Expression value) {
    return value instanceof Expression.Star
        || (value instanceof Expression.Constant constant
            && constant.kind() != Expression.ConstantKind.NULL);
  }

  private static Argument argument(Aggregate aggregate, ColumnTypes types, String text) {
    return types.of(aggregate.input()).stream()
        .filter(type -> text.equals("i." + Quote.name(type.name())))
        .map(type -> new Argument(type, Scales.of(aggregate.input(), type.name(), types)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no column " + text));
  }

  /// @param number of the aggregate in the view, for the names of its columns
  /// @param known the argument by its text
  private static Optional<GroupState> of(
      Output output, int number, Function<String, Argument> known) {
    if (!(output.value() instanceof Expression.Call call) || !isPlain(call)) {
      return Optional.empty();
    }
    if (call.aggregation().distinct()) {
      return distinct(call, number, known);
    }
    Expression filter = call.aggregation().filter();
    AggregateTerms terms =
        new AggregateTerms(
            "freshet$" + number,
            call.arguments().isEmpty()
                ? "*"
                : SqlPrinter.print(call.arguments().getFirst().value()),
            filter == null ? "" : SqlPrinter.print(filter),
            call.arguments().stream().allMatch(argument -> isNeverNull(argument.value())));
    boolean typed =
        !call.arguments().isEmpty()
            && call.arguments().getFirst().value() instanceof Expression.Column;
    Argument argument = typed ? known.apply(terms.argument()) : UNKNOWN;
    return switch (call.function().name()) {
      case "count" -> Optional.of(count(terms));
      case "sum" -> sum(terms, argument, false);
      case "avg" -> sum(terms, argument, true);
      case "min" -> extreme(terms, argument.type(), "min", "<=", "least");
      case "max" -> extreme(terms, argument.type(), "max", ">=", "greatest");
      case "bool_and", "every" -> Optional.of(bool(terms, "NOT ", " = 0"));
      case "bool_or" -> Optional.of(bool(terms, "", " > 0"));
      default -> Optional.empty();
    };
  }

  /// Values are looked for, which takes an equality.
  private static Optional<GroupState> distinct(
      Expression.Call call, int number, Function<String, Argument> known) {
    if (!call.function().name().equals("count")
        || !(call.arguments().getFirst().value() instanceof Expression.Column column)
        || !known.apply(SqlPrinter.print(column)).type().hasEquality()) {
      return Optional.empty();
    }
    Expression filter = call.aggregation().filter();
    String name = "freshet$" + number + "_different";
    Part part =
        new Part(
            name,
            SqlPrinter.print(call),
            "coalesce(sum(i." + name + "), 0)::bigint",
            "coalesce(s." + name + ", 0) + d." + name);
    Distinct distinct =
        new Distinct(column.path().getLast(), filter == null ? "" : SqlPrinter.print(filter), name);
    return Optional.of(
        new GroupState(List.of(part), "", List.of(), "g." + name, Optional.of(distinct)));
  }

  private static final Argument UNKNOWN =
      new Argument(new ColumnType("", "", "", "", false, false), Optional.empty());

  private static boolean isPlain(Expression.Call call) {
    return call.function().isBuiltIn()
        && call.aggregation().orderBy().isEmpty()
        && call.aggregation().withinGroup().isEmpty()
        && call.arguments().size() <= 1
        && call.arguments().stream().noneMatch(a -> a.variadic());
  }

  private static GroupState count(AggregateTerms terms) {
    AggregateTerms.Counter count = terms.notNulls();
    return new GroupState(count.parts(), "", List.of(), "g." + count.name());
  }

  private static GroupState bool(AggregateTerms terms, String not, String test) {
    AggregateTerms.Counter count = terms.notNulls();
    Part such = terms.counter("_such", not + terms.argument());
    return new GroupState(
        count.and(such),
        "",
        List.of(),
        "CASE WHEN g." + count.name() + " > 0 THEN g." + such.name() + test + " END");
  }

  private static Optional<GroupState> sum(
      AggregateTerms terms, Argument argument, boolean average) {
    String name = argument.type().type();
    boolean integer = List.of("smallint", "integer", "bigint").contains(name);
    boolean numeric = name.equals("numeric") || name.startsWith("numeric(");
    if (!integer && !numeric) {
      return Optional.empty();
    }
    String sumType = name.equals("smallint") || name.equals("integer") ? "bigint" : "numeric";
    AggregateTerms.Counter count = terms.notNulls();
    String value = terms.stem() + "_sum";
    String factor = name.equals("bigint") ? terms.argument() + "::numeric" : terms.argument();
    Part sum =
        new Part(
            value,
            "coalesce(sum(" + terms.argument() + ")" + terms.filtered() + ", 0)",
            "coalesce(sum(" + M + " * " + factor + ")" + terms.filtered() + ", 0)::" + sumType,
            "coalesce(s." + value + ", 0) + d." + value);
    NumericSum digits = numeric ? NumericSum.of(terms, value, argument.scale()) : NumericSum.NONE;
    String total = "g." + value + (average ? "::numeric / g." + count.name() : "");
    return Optional.of(
        new GroupState(
            Stream.concat(count.and(sum).stream(), digits.parts().stream()).toList(),
            digits.dirty(),
            digits.measures(),
            "CASE WHEN g." + count.name() + " > 0 THEN " + total + " END"));
  }

  /// What besides the sum of numerics tells whether changes can be added. NaN and infinities cannot
  /// be subtracted. A row that goes can take the longest fraction with it, unless all have one
  /// length, or others of the greatest length stay.
  private record NumericSum(List<Part> parts, String dirty, List<Measure> measures) {
    static final NumericSum NONE = new NumericSum(List.of(), "", List.of());

    static NumericSum of(AggregateTerms terms, String value, Optional<Scales.Scale> scale) {
      String stem = terms.stem();
      String special = "d." + stem + "_special OR s." + value + SPECIAL;
      List<Measure> measures = List.of(special(terms), gone(terms));
      if (scale.isEmpty()) {
        return new NumericSum(List.of(), special + " OR d." + stem + "_gone", measures);
      }
      if (scale.get().isFixed()) {
        return new NumericSum(List.of(), special, measures.subList(0, 1));
      }
      Part longest =
          terms.counter("_longest", "scale(" + terms.argument() + ") = " + scale.get().most());
      String shorter = "d." + stem + "_gone AND " + longest.next() + " <= 0";
      return new NumericSum(List.of(longest), special + " OR (" + shorter + ")", measures);
    }

    private static Measure special(AggregateTerms terms) {
      return new Measure(
          terms.stem() + "_special",
          "coalesce(bool_or(" + terms.argument() + SPECIAL + ")" + terms.filtered() + ", false)");
    }

    private static Measure gone(AggregateTerms terms) {
      return new Measure(
          terms.stem() + "_gone",
          "coalesce(bool_or(%s < 0)%s, false)"
              .formatted(M, terms.filtered(terms.argument() + " IS NOT NULL")));
    }
  }

  private static Optional<GroupState> extreme(
      AggregateTerms terms, ColumnType type, String function, String reaches, String combine) {
    if (!type.equals().equals("OPERATOR(pg_catalog.=)") || type.type().endsWith("]")) {
      return Optional.empty();
    }
    String value = terms.stem() + "_" + function;
    String gone = terms.stem() + "_gone";
    Part part =
        new Part(
            value,
            function + "(" + terms.argument() + ")" + terms.filtered(),
            function + "(" + terms.argument() + ")" + terms.filtered(M + " > 0"),
            combine + "(s." + value + ", d." + value + ")");
    Measure measure =
        new Measure(gone, function + "(" + terms.argument() + ")" + terms.filtered(M + " < 0"));
    String dirty =
        "d.%1$s IS NOT NULL AND (s.%2$s IS NULL OR d.%1$s %3$s s.%2$s)"
            .formatted(gone, value, reaches);
    return Optional.of(new GroupState(List.of(part), dirty, List.of(measure), "g." + value));
  }
}
