package dev.freshet.compiler.sql;

import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.Query.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A value expression.
public sealed interface Expression {
  Span span();

  /// `column`, `table.column`, `schema.table.column`; with a composite column possibly longer.
  record Column(Span span, List<String> path) implements Expression {}

  /// `*` or `table.*`; also the argument of `count(*)`.
  record Star(Span span, List<String> qualifier) implements Expression {}

  /// A constant as written, quotes and all.
  record Constant(Span span, ConstantKind kind, String text) implements Expression {}

  enum ConstantKind {
    NUMBER,
    STRING,
    BOOLEAN,
    NULL
  }

  /// `date '2020-01-01'`, `interval '1' day`.
  ///
  /// @param value the string as written
  /// @param fields what follows the string of an interval; empty otherwise
  record TypedConstant(Span span, TypeName type, String value, String fields)
      implements Expression {}

  /// A value that a word stands for: `CURRENT_DATE`, `LOCALTIME(3)`.
  record Keyword(Span span, String text) implements Expression {}

  /// `function(arguments)` with what aggregates and window functions add.
  record Call(
      Span span,
      QualifiedName function,
      List<Argument> arguments,
      Aggregation aggregation,
      @Nullable Over over)
      implements Expression {}

  /// One argument of a call.
  ///
  /// @param name null when it is given by its place
  record Argument(@Nullable String name, boolean variadic, Expression value) {}

  /// `f(DISTINCT ... ORDER BY ...) WITHIN GROUP (ORDER BY ...) FILTER (WHERE ...)`.
  record Aggregation(
      boolean distinct,
      List<SortKey> orderBy,
      List<SortKey> withinGroup,
      @Nullable Expression filter) {
    static final Aggregation NONE = new Aggregation(false, List.of(), List.of(), null);
  }

  /// The window of a window function.
  sealed interface Over {
    record Named(String window) implements Over {}

    record Inline(Window window) implements Over {}
  }

  /// What has the form of a call but is syntax.
  ///
  /// @param keyword `COALESCE`, `GREATEST`, `LEAST`, `NULLIF`, `GROUPING` or `XMLCONCAT`
  record Construct(Span span, String keyword, List<Expression> arguments) implements Expression {}

  /// `ROW(...)`, or `(a, b)` when not explicit.
  record Row(Span span, boolean explicit, List<Expression> elements) implements Expression {}

  /// An expression whose place among others depends on precedence.
  sealed interface Operation extends Expression {}

  /// `operator operand`.
  record Prefix(Span span, Operator operator, Expression operand) implements Operation {}

  /// `left operator right`.
  ///
  /// @param right may be `Elements` or `ElementsOfQuery`
  record Infix(Span span, Expression left, Operator operator, Expression right)
      implements Operation {
    /// Whether it says that two values are equal; `left = ANY (array)` does not.
    public boolean isEquality() {
      return operator.symbol().equals("=")
          && !(right instanceof Elements)
          && !(right instanceof ElementsOfQuery);
    }
  }

  record And(Span span, List<Expression> operands) implements Operation {}

  record Or(Span span, List<Expression> operands) implements Operation {}

  record Not(Span span, Expression operand) implements Operation {}

  /// `operand IS [NOT] property`.
  ///
  /// @param property `NULL`, `TRUE`, `FALSE`, `UNKNOWN`, `DOCUMENT`, `JSON OBJECT` ...
  record Is(Span span, Expression operand, boolean negated, String property) implements Operation {}

  /// `left IS [NOT] DISTINCT FROM right`.
  record IsDistinct(Span span, Expression left, boolean negated, Expression right)
      implements Operation {}

  /// `operand [NOT] BETWEEN [SYMMETRIC] low AND high`.
  record Between(
      Span span,
      Expression operand,
      boolean negated,
      boolean symmetric,
      Expression low,
      Expression high)
      implements Operation {}

  /// `operand [NOT] IN (elements)`.
  record InList(Span span, Expression operand, boolean negated, List<Expression> elements)
      implements Operation {}

  /// `operand [NOT] IN (query)`.
  record InQuery(Span span, Expression operand, boolean negated, Query query)
      implements Operation {}

  /// `operand [NOT] LIKE pattern [ESCAPE escape]` and its relatives.
  ///
  /// @param kind `LIKE`, `ILIKE` or `SIMILAR TO`
  record Like(
      Span span,
      Expression operand,
      boolean negated,
      String kind,
      Expression pattern,
      @Nullable Expression escape)
      implements Operation {}

  /// `ANY (array)` or `ALL (array)`, to the right of an operator.
  record Elements(Span span, boolean all, Expression array) implements Expression {}

  /// `ANY (query)` or `ALL (query)`, to the right of an operator.
  record ElementsOfQuery(Span span, boolean all, Query query) implements Expression {}

  record Exists(Span span, Query query) implements Expression {}

  /// A query that gives one value.
  record Scalar(Span span, Query query) implements Expression {}

  /// `ARRAY(query)`.
  record ArrayOfQuery(Span span, Query query) implements Expression {}

  /// `ARRAY[...]`.
  record ArrayOf(Span span, List<Expression> elements) implements Expression {}

  /// `CASE operand WHEN ... THEN ... ELSE otherwise END`.
  ///
  /// @param operand null when each WHEN is a condition of its own
  record Case(
      Span span, @Nullable Expression operand, List<When> branches, @Nullable Expression otherwise)
      implements Expression {}

  record When(Expression condition, Expression result) {}

  /// `CAST(operand AS type)` or `operand::type`.
  record Cast(Span span, Expression operand, TypeName type) implements Expression {}

  record Collate(Span span, Expression operand, QualifiedName collation) implements Operation {}

  record AtTimeZone(Span span, Expression operand, Expression zone) implements Operation {}

  /// `base[1]`, `(base).field`.
  record Selection(Span span, Expression base, List<Step> steps) implements Expression {}

  /// `(start, end) OVERLAPS (start, end)`.
  record Overlaps(Span span, List<Expression> left, List<Expression> right) implements Operation {}

  /// One step into a composite value or an array.
  sealed interface Step {
    record Field(String name) implements Step {}

    record AllFields() implements Step {}

    record Element(Expression index) implements Step {}

    record Slice(@Nullable Expression from, @Nullable Expression to) implements Step {}
  }

  /// Syntax of its own: `EXTRACT(year FROM d)`, `TRIM(BOTH 'x' FROM t)`, `XMLELEMENT(...)`.
  record Special(Span span, Phrase phrase) implements Expression {}
}
