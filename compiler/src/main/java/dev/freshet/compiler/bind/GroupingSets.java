package dev.freshet.compiler.bind;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.Query.GroupingElement;
import dev.freshet.compiler.sql.Query.SelectItem;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.Subexpressions;
import dev.freshet.compiler.sql.TypeName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Writes a query with ROLLUP, CUBE or GROUPING SETS as one query for each set of keys. In each the
/// other keys are NULL.
final class GroupingSets {
  private static final Span NOWHERE = new Span(0, 0);

  private final Query.Select select;
  private final Function<Query.Select, List<ColumnType>> describe;
  private final Predicate<Expression> isAggregate;

  /// @param describe the types of what a query returns
  GroupingSets(
      Query.Select select,
      Function<Query.Select, List<ColumnType>> describe,
      Predicate<Expression> isAggregate) {
    this.select = select;
    this.describe = describe;
    this.isAggregate = isAggregate;
  }

  static boolean has(Query.Select select) {
    return select.grouping().elements().stream()
        .anyMatch(element -> !(element instanceof GroupingElement.Plain));
  }

  /// Every key of any set, once.
  static List<Expression> keys(Query.Select select) {
    return joined(product(select.grouping().elements()));
  }

  List<Query.Select> queries() {
    List<List<Expression>> sets = product(select.grouping().elements());
    Map<String, TypeName> types = types(joined(sets));
    return sets.stream().map(set -> query(set, types)).toList();
  }

  private Map<String, TypeName> types(List<Expression> keys) {
    Map<String, TypeName> types = new LinkedHashMap<>();
    if (keys.isEmpty()) {
      return types;
    }
    List<SelectItem> items = new ArrayList<>();
    keys.forEach(key -> items.add(new SelectItem(NOWHERE, key, "k" + items.size())));
    Query.Select only =
        new Query.Select(
            NOWHERE,
            new Query.Projection(new Query.Distinct.All(), items),
            select.from(),
            null,
            new Query.Grouping(List.of(), null),
            List.of());
    List<ColumnType> described = describe.apply(only);
    int place = 0;
    for (Expression key : keys) {
      types.put(SqlPrinter.print(key), new TypeName(NOWHERE, described.get(place++).type()));
    }
    return types;
  }

  private Query.Select query(List<Expression> set, Map<String, TypeName> types) {
    Set<String> kept = new LinkedHashSet<>();
    set.forEach(key -> kept.add(SqlPrinter.print(key)));
    Expression having = select.grouping().having();
    return new Query.Select(
        select.span(),
        new Query.Projection(
            select.projection().distinct(),
            select.projection().items().stream()
                .map(i -> new SelectItem(i.span(), over(i.value(), kept, types), Binder.label(i)))
                .toList()),
        select.from(),
        select.where(),
        new Query.Grouping(
            set.isEmpty()
                ? List.of()
                : set.stream().<GroupingElement>map(GroupingElement.Plain::new).toList(),
            having == null ? null : over(having, kept, types)),
        select.windows());
  }

  private Expression over(Expression expression, Set<String> kept, Map<String, TypeName> types) {
    return Subexpressions.replace(
        expression,
        part -> {
          String text = SqlPrinter.print(part);
          TypeName type = types.get(text);
          if (kept.contains(text)) {
            return part; // as a whole: what it is computed from may be another key
          }
          if (type != null) {
            Expression none =
                new Expression.Constant(NOWHERE, Expression.ConstantKind.NULL, "NULL");
            return new Expression.Cast(NOWHERE, none, type);
          }
          if (part instanceof Expression.Construct construct
              && construct.keyword().equalsIgnoreCase("GROUPING")) {
            return mask(construct.arguments(), kept);
          }
          return isAggregate.test(part) ? part : null;
        });
  }

  /// A bit for each argument, set if the rows are not grouped by it.
  private static Expression mask(List<Expression> arguments, Set<String> kept) {
    int mask = 0;
    for (Expression argument : arguments) {
      mask = mask * 2 + (kept.contains(SqlPrinter.print(argument)) ? 0 : 1);
    }
    return new Expression.Constant(NOWHERE, Expression.ConstantKind.NUMBER, String.valueOf(mask));
  }

  private static List<List<Expression>> product(List<GroupingElement> elements) {
    List<List<Expression>> sets = List.of(List.of());
    for (GroupingElement element : elements) {
      List<List<Expression>> longer = new ArrayList<>();
      for (List<Expression> set : sets) {
        sets(element).forEach(more -> longer.add(joined(List.of(set, more))));
      }
      sets = longer;
    }
    return sets;
  }

  private static List<List<Expression>> sets(GroupingElement element) {
    return switch (element) {
      case GroupingElement.Plain(Expression value) -> List.of(members(value));
      case GroupingElement.Empty() -> List.of(List.of());
      case GroupingElement.Rollup(var elements) ->
          IntStream.rangeClosed(0, elements.size())
              .mapToObj(n -> joined(each(elements.subList(0, elements.size() - n))))
              .toList();
      case GroupingElement.Cube(var elements) ->
          IntStream.range(0, 1 << elements.size())
              .mapToObj(without ->
                  joined(
                      each(
                          IntStream.range(0, elements.size())
                              .filter(i -> (without >> i & 1) == 0)
                              .mapToObj(elements::get)
                              .toList())))
              .toList();
      case GroupingElement.Sets(var elements) ->
          elements.stream().flatMap(e -> sets(e).stream()).toList();
    };
  }

  /// What each element groups by if it is one set.
  private static List<List<Expression>> each(List<GroupingElement> elements) {
    return elements.stream().map(e -> joined(sets(e))).toList();
  }

  private static List<Expression> members(Expression value) {
    return value instanceof Expression.Row(var span, boolean explicit, var elements) && !explicit
        ? elements
        : List.of(value);
  }

  private static List<Expression> joined(List<List<Expression>> sets) {
    Map<String, Expression> members = new LinkedHashMap<>();
    sets.forEach(set -> set.forEach(key -> members.putIfAbsent(SqlPrinter.print(key), key)));
    return List.copyOf(members.values());
  }
}
