package dev.freshet.compiler.bind;

import dev.freshet.compiler.Schema;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.MatchKind;
import dev.freshet.compiler.algebra.Relation.Rows.Form;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.bind.Laterals.Derived;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.FromItem;
import dev.freshet.compiler.sql.FromItem.Join;
import dev.freshet.compiler.sql.FromItem.JoinCondition;
import dev.freshet.compiler.sql.FromItem.JoinKind;
import dev.freshet.compiler.sql.Operators;
import dev.freshet.compiler.sql.ParsedQuery;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Binds the items of FROM.
final class FromBinder {
  private final Binder binder;
  private final Names names;
  private final @Nullable Scope outer;
  private final Laterals laterals;

  FromBinder(Binder binder, Names names, @Nullable Scope outer) {
    this.binder = binder;
    this.names = names;
    this.outer = outer;
    this.laterals = new Laterals(binder, outer);
  }

  Block bind(List<FromItem> items) {
    Block block = new Block(new Scope(outer));
    for (FromItem item : items) {
      Derived query = derived(item, block.scope).orElse(null);
      block =
          query == null
              ? block.join(item(item, block.scope))
              : laterals.join(block, query, block.scope);
    }
    block.settleCorrelated();
    return block;
  }

  /// The query that an item is, or that it names; empty if it is something else.
  ///
  /// @param before what a lateral item can refer to
  private Optional<Derived> derived(FromItem item, Scope before) {
    return switch (item) {
      case FromItem.Subquery query when ValuesOfRow.is(query) -> Optional.empty();
      case FromItem.Subquery query -> {
        Scope around = query.lateral() ? before : outer;
        Subquery rows = binder.subquery(query.query(), names, around);
        yield Optional.of(new Derived(rows, nameOf(query), columns(query.alias(), List.of())));
      }
      case FromItem.TableRef table ->
          entry(table)
              .map(entry ->
                  new Derived(
                      binder.subquery(entry.table().query(), entry.known(), entry.outer()),
                      alias(table),
                      columns(table.alias(), entry.table().columns())));
      case FromItem.Functions functions -> Optional.empty();
      case Join join -> Optional.empty();
      case FromItem.AliasedJoin join -> Optional.empty();
    };
  }

  private Optional<Names.Entry> entry(FromItem.TableRef table) {
    return table.commonTable()
        ? Optional.ofNullable(names.entry(table.name().name()))
        : Optional.empty();
  }

  /// @param before what a lateral item can refer to
  private Block item(FromItem item, Scope before) {
    return Declined.within(
        item.span(),
        () ->
            derived(item, before)
                .map(query -> laterals.rows(query, before))
                .orElseGet(() -> other(item, before)));
  }

  private Block other(FromItem item, Scope before) {
    return switch (item) {
      case FromItem.TableRef table -> table(table);
      case FromItem.Subquery query ->
          functions(ValuesOfRow.asFunction(query), before, Form.IN_FROM);
      case FromItem.Functions functions -> functions(functions, before, Form.IN_FROM);
      case Join join -> join(join, before);
      case FromItem.AliasedJoin join -> throw new Declined("a join with an alias of its own");
    };
  }

  private Block table(FromItem.TableRef table) {
    if (table.sample() != null) {
      throw new Declined("TABLESAMPLE");
    }
    if (table.only()) {
      throw new Declined("ONLY: the log of a table does not tell its children's rows apart");
    }
    return switch (binder.schema.relation(table.name())) {
      case Schema.Source.Uncaptured(String reason) -> throw new Declined(reason);
      case Schema.Source.Table(var captured, var columns, var shown, var keys) ->
          range(
              new Scan(
                  table.name(),
                  captured,
                  shown,
                  table.only(),
                  columns.stream().map(c -> new Column(c.name(), c.notNull())).toList(),
                  keys),
              alias(table),
              columns(table.alias(), List.of()));
      case Schema.Source.View(String query, var columns) ->
          range(
              Declined.inside(
                  table.span(),
                  () -> binder.query(ParsedQuery.parse(query).query(), Names.NONE, null)),
              alias(table),
              columns(table.alias(), columns));
    };
  }

  static String nameOf(FromItem.Subquery item) {
    FromItem.Alias alias = item.alias();
    return alias == null || alias.name() == null ? "q" : alias.name();
  }

  static String alias(FromItem.TableRef table) {
    return table.alias() == null || table.alias().name() == null
        ? table.name().name()
        : table.alias().name();
  }

  private static List<String> columns(FromItem.@Nullable Alias alias, List<String> own) {
    if (alias == null || alias.columns().isEmpty()) {
      return own;
    }
    List<String> columns = new ArrayList<>(alias.columns());
    own.stream().skip(columns.size()).forEach(columns::add);
    return columns;
  }

  private Block range(Relation relation, String name, List<String> columns) {
    Block block = new Block(new Scope(outer));
    Input input = new Input(binder.aliases.unique(name), relation);
    block.inputs.add(input);
    block.scope.add(name, input, columns);
    return block;
  }

  private Block join(Join join, Scope before) {
    Block left = item(join.left(), before);
    Scope visible = new Scope(outer);
    visible.addAll(before);
    visible.addAll(left.scope);
    Derived query = derived(join.right(), visible).orElse(null);
    if (query != null) {
      return join(join, left, query, visible);
    }
    return join.kind() == JoinKind.LEFT
            && isAlways(join)
            && join.right() instanceof FromItem.Functions functions
        ? besideOrNulls(left, functions, visible)
        : join(join, left, other(join.right(), visible), before);
  }

  private static boolean isAlways(Join join) {
    return join.condition() instanceof JoinCondition.Always
        || (join.condition() instanceof JoinCondition.On(Expression on)
            && SqlPrinter.print(on).equalsIgnoreCase("true"));
  }

  /// Each row of the block with the rows of a function, or with NULLs if it has none.
  private Block besideOrNulls(Block left, FromItem.Functions functions, Scope visible) {
    Block both = new Block(new Scope(outer));
    both.join(left);
    return both.join(functions(functions, visible, Form.OUTER_JOINED));
  }

  private Block functions(FromItem.Functions item, Scope before, Form form) {
    return new FunctionRows(binder, names, outer).bind(item, before, form);
  }

  private Block join(Join join, Block left, Derived query, Scope visible) {
    boolean keepsLeft = join.kind() == JoinKind.INNER || join.kind() == JoinKind.LEFT;
    if (query.rows().isSingleRow() && isAlways(join) && keepsLeft) {
      return laterals.join(left, query, visible);
    }
    Derived found = laterals.found(query, visible);
    boolean padded = join.kind() != JoinKind.INNER && !found.rows().standsAlone();
    Block right = laterals.rows(padded ? found.computed(binder.aliases) : found, visible);
    return join(join, left, right, visible);
  }

  private Block join(Join join, Block left, Block right, Scope before) {
    AskingConditions asking = AskingConditions.of(join, binder, names);
    asking.fulfilOnOneSide(join.kind(), left, right);
    Block both = new Block(new Scope(outer));
    both.scope.addAll(left.scope);
    both.scope.addAll(right.scope);
    Map<String, Expression> merged = new LinkedHashMap<>();
    List<Expression> conditions = conditions(join, left, right, both.scope, merged);
    if (join.kind() == JoinKind.INNER) {
      both.inputs.addAll(left.inputs);
      both.inputs.addAll(right.inputs);
      both.conditions.addAll(left.conditions);
      both.conditions.addAll(right.conditions);
      both.conditions.addAll(conditions);
      both.correlated.addAll(left.correlated);
      both.correlated.addAll(right.correlated);
      merged.forEach(both.scope::merge);
      asking.addTo(both);
      return both;
    }
    return outerJoin(join.kind(), left, right, new Joined(before, both.scope, conditions, merged));
  }

  /// What a join says about both sides.
  ///
  /// @param before what the sides can refer to
  private record Joined(
      Scope before, Scope scope, List<Expression> conditions, Map<String, Expression> merged) {}

  private List<Expression> conditions(
      Join join, Block left, Block right, Scope both, Map<String, Expression> merged) {
    return switch (join.condition()) {
      case JoinCondition.Always() -> List.of();
      case JoinCondition.On(Expression on) ->
          Block.conjuncts(on).stream()
              .filter(e -> !Where.asks(e))
              .map(e -> binder.resolve(e, both))
              .toList();
      case JoinCondition.Natural() -> throw new Declined("NATURAL JOIN");
      case JoinCondition.Using(List<String> columns) -> {
        MergedColumns columnsOfBoth = new MergedColumns(binder, left, right);
        List<Expression> conditions = new ArrayList<>();
        for (String column : columns) {
          Expression.Column name = new Expression.Column(join.span(), List.of(column));
          Expression l = left.scope.resolve(name);
          Expression r = right.scope.resolve(name);
          merged.put(column, columnsOfBoth.of(join.kind(), l, r));
          conditions.add(Operators.equal(l, r));
        }
        yield conditions;
      }
    };
  }

  private Block outerJoin(JoinKind kind, Block left, Block right, Joined joined) {
    boolean mirrored = kind == JoinKind.RIGHT;
    MatchKind match = kind == JoinKind.FULL ? MatchKind.FULL : MatchKind.LEFT;
    Block kept = mirrored ? right : left;
    Block other = mirrored ? left : right;
    other.requirePaddable();
    if (kind == JoinKind.FULL) {
      kept.requirePaddable();
    }
    other.settleCorrelated();
    other.liftCorrelated();
    Matching matching = new Matching(binder, match, kept, other, joined.before());
    List<Expression> conditions = new ArrayList<>(joined.conditions());
    conditions.addAll(other.correlated);
    Block block = matching.join(conditions, joined.scope());
    joined.merged().forEach((name, value) -> block.scope.merge(name, matching.after(value)));
    return block;
  }
}
