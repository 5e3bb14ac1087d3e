package dev.freshet.compiler.sql;

import dev.freshet.compiler.sql.Expression.Aggregation;
import dev.freshet.compiler.sql.Expression.Argument;
import dev.freshet.compiler.sql.Expression.Over;
import dev.freshet.compiler.sql.Query.GroupingElement;
import dev.freshet.compiler.sql.Query.NamedWindow;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.Query.Window;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Walks through expressions. Queries inside an expression are left alone: they have names of their
/// own.
public final class Subexpressions {
  private Subexpressions() {}

  /// The expression with some parts replaced, outermost first.
  ///
  /// @param replacement of a part, or null to look into the part
  public static Expression replace(
      Expression expression, Function<Expression, @Nullable Expression> replacement) {
    Expression replaced = replacement.apply(expression);
    return replaced != null ? replaced : withParts(expression, part -> replace(part, replacement));
  }

  /// Whether the expression or any part of it is such.
  public static boolean anyMatch(Expression expression, Predicate<Expression> predicate) {
    return meets(predicate, search -> replace(expression, search));
  }

  /// Whether a walk through expressions meets such a part, after which it looks no deeper.
  ///
  /// @param walk replaces parts as it is told
  static boolean meets(
      Predicate<Expression> predicate, Consumer<Function<Expression, @Nullable Expression>> walk) {
    boolean[] found = {false};
    walk.accept(part -> {
      found[0] |= predicate.test(part);
      return found[0] ? part : null;
    });
    return found[0];
  }

  /// The key with its expression replaced.
  public static SortKey replace(SortKey key, UnaryOperator<Expression> replacement) {
    return new SortKey(replacement.apply(key.value()), key.direction(), key.using(), key.nulls());
  }

  /// The key with its expressions replaced.
  public static GroupingElement replace(
      GroupingElement element, UnaryOperator<Expression> replacement) {
    return switch (element) {
      case GroupingElement.Plain(Expression key) ->
          new GroupingElement.Plain(replacement.apply(key));
      case GroupingElement.Empty empty -> empty;
      case GroupingElement.Rollup(var parts) ->
          new GroupingElement.Rollup(elements(parts, replacement));
      case GroupingElement.Cube(var parts) ->
          new GroupingElement.Cube(elements(parts, replacement));
      case GroupingElement.Sets(var parts) ->
          new GroupingElement.Sets(elements(parts, replacement));
    };
  }

  private static List<GroupingElement> elements(
      List<GroupingElement> elements, UnaryOperator<Expression> f) {
    return elements.stream().map(element -> replace(element, f)).toList();
  }

  /// The window with its expressions replaced.
  public static NamedWindow replace(NamedWindow named, UnaryOperator<Expression> replacement) {
    return new NamedWindow(named.name(), window(named.window(), replacement));
  }

  private static Expression withParts(Expression expression, UnaryOperator<Expression> f) {
    return switch (expression) {
      case Expression.Column e -> e;
      case Expression.Star e -> e;
      case Expression.Constant e -> e;
      case Expression.TypedConstant e -> e;
      case Expression.Keyword e -> e;
      case Expression.Call e -> call(e, f);
      case Expression.Construct e ->
          new Expression.Construct(e.span(), e.keyword(), each(e.arguments(), f));
      case Expression.Row e -> new Expression.Row(e.span(), e.explicit(), each(e.elements(), f));
      case Expression.Elements e -> new Expression.Elements(e.span(), e.all(), f.apply(e.array()));
      case Expression.ElementsOfQuery e -> e;
      case Expression.Exists e -> e;
      case Expression.Scalar e -> e;
      case Expression.ArrayOfQuery e -> e;
      case Expression.ArrayOf e -> new Expression.ArrayOf(e.span(), each(e.elements(), f));
      case Expression.Case e -> choice(e, f);
      case Expression.Cast e -> new Expression.Cast(e.span(), f.apply(e.operand()), e.type());
      case Expression.Selection e ->
          new Expression.Selection(
              e.span(), f.apply(e.base()), e.steps().stream().map(s -> step(s, f)).toList());
      case Expression.Special e -> new Expression.Special(e.span(), phrase(e.phrase(), f));
      case Expression.Operation e -> operation(e, f);
    };
  }

  private static Expression operation(Expression.Operation operation, UnaryOperator<Expression> f) {
    return switch (operation) {
      case Expression.Prefix e ->
          new Expression.Prefix(e.span(), e.operator(), f.apply(e.operand()));
      case Expression.Infix e ->
          new Expression.Infix(e.span(), f.apply(e.left()), e.operator(), f.apply(e.right()));
      case Expression.And e -> new Expression.And(e.span(), each(e.operands(), f));
      case Expression.Or e -> new Expression.Or(e.span(), each(e.operands(), f));
      case Expression.Not e -> new Expression.Not(e.span(), f.apply(e.operand()));
      case Expression.Is e ->
          new Expression.Is(e.span(), f.apply(e.operand()), e.negated(), e.property());
      case Expression.IsDistinct e ->
          new Expression.IsDistinct(e.span(), f.apply(e.left()), e.negated(), f.apply(e.right()));
      case Expression.Between e ->
          new Expression.Between(
              e.span(),
              f.apply(e.operand()),
              e.negated(),
              e.symmetric(),
              f.apply(e.low()),
              f.apply(e.high()));
      case Expression.InList e ->
          new Expression.InList(e.span(), f.apply(e.operand()), e.negated(), each(e.elements(), f));
      case Expression.InQuery e ->
          new Expression.InQuery(e.span(), f.apply(e.operand()), e.negated(), e.query());
      case Expression.Like e ->
          new Expression.Like(
              e.span(),
              f.apply(e.operand()),
              e.negated(),
              e.kind(),
              f.apply(e.pattern()),
              optional(e.escape(), f));
      case Expression.Collate e ->
          new Expression.Collate(e.span(), f.apply(e.operand()), e.collation());
      case Expression.AtTimeZone e ->
          new Expression.AtTimeZone(e.span(), f.apply(e.operand()), f.apply(e.zone()));
      case Expression.Overlaps e ->
          new Expression.Overlaps(e.span(), each(e.left(), f), each(e.right(), f));
    };
  }

  private static Expression call(Expression.Call call, UnaryOperator<Expression> f) {
    Aggregation aggregation = call.aggregation();
    return new Expression.Call(
        call.span(),
        call.function(),
        call.arguments().stream()
            .map(a -> new Argument(a.name(), a.variadic(), f.apply(a.value())))
            .toList(),
        new Aggregation(
            aggregation.distinct(),
            keys(aggregation.orderBy(), f),
            keys(aggregation.withinGroup(), f),
            optional(aggregation.filter(), f)),
        over(call.over(), f));
  }

  private static @Nullable Over over(@Nullable Over over, UnaryOperator<Expression> f) {
    return switch (over) {
      case null -> null;
      case Over.Named named -> named;
      case Over.Inline(Window window) -> new Over.Inline(window(window, f));
    };
  }

  private static Window window(Window window, UnaryOperator<Expression> f) {
    return new Window(
        window.span(),
        window.base(),
        each(window.partitionBy(), f),
        keys(window.orderBy(), f),
        window.frame() == null ? null : phrase(window.frame(), f));
  }

  private static Expression choice(Expression.Case choice, UnaryOperator<Expression> f) {
    return new Expression.Case(
        choice.span(),
        optional(choice.operand(), f),
        choice.branches().stream()
            .map(b -> new Expression.When(f.apply(b.condition()), f.apply(b.result())))
            .toList(),
        optional(choice.otherwise(), f));
  }

  private static Expression.Step step(Expression.Step step, UnaryOperator<Expression> f) {
    return switch (step) {
      case Expression.Step.Field field -> field;
      case Expression.Step.AllFields all -> all;
      case Expression.Step.Element(Expression index) -> new Expression.Step.Element(f.apply(index));
      case Expression.Step.Slice(Expression from, Expression to) ->
          new Expression.Step.Slice(optional(from, f), optional(to, f));
    };
  }

  private static Phrase phrase(Phrase phrase, UnaryOperator<Expression> f) {
    return new Phrase(
        phrase.span(),
        phrase.pieces().stream()
            .map(piece ->
                piece instanceof Phrase.Piece.Value(Expression value)
                    ? new Phrase.Piece.Value(f.apply(value))
                    : piece)
            .toList());
  }

  private static List<SortKey> keys(List<SortKey> keys, UnaryOperator<Expression> f) {
    return keys.stream().map(key -> replace(key, f)).toList();
  }

  private static List<Expression> each(List<Expression> parts, UnaryOperator<Expression> f) {
    return parts.stream().map(f).toList();
  }

  private static @Nullable Expression optional(
      @Nullable Expression part, UnaryOperator<Expression> f) {
    return part == null ? null : f.apply(part);
  }
}
