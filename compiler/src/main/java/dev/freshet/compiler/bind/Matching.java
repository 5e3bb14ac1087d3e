package dev.freshet.compiler.bind;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.MatchKind;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.SqlPrinter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Joins two blocks into one whose only input is a match of both.
final class Matching {
  private final Binder binder;
  private final MatchKind kind;
  private final Block left;
  private final Block right;
  private final Scope around;
  private final Map<String, String> names = new LinkedHashMap<>();
  private final String alias;

  /// @param around what both blocks can use besides
  Matching(Binder binder, MatchKind kind, Block left, Block right, Scope around) {
    this.binder = binder;
    this.kind = kind;
    this.left = left;
    this.right = right;
    this.around = around;
    this.alias = binder.aliases.unique("m");
  }

  private Map<String, String> leftNames = Map.of();
  private Map<String, String> rightNames = Map.of();
  private String leftAlias = "";
  private String rightAlias = "";
  private Expression mark = Match.FOUND;

  /// The match, correlated as the left block was and by what the conditions use besides.
  ///
  /// @param conditions over the columns of both blocks and of what is around them
  /// @param scope what names stand for; afterwards it speaks of the match
  Block join(List<Expression> conditions, Scope scope) {
    left.settleCorrelated();
    left.liftCorrelated();
    List<Expression> settled = Domain.settle(binder, around, left, right, conditions);
    if (kind == MatchKind.FULL && !left.correlated.isEmpty()) {
      throw new Declined("FULL JOIN with outer columns");
    }
    Side l = side(left);
    Side r = side(right);
    leftNames = l.names();
    rightNames = r.names();
    leftAlias = l.input().alias();
    rightAlias = r.input().alias();
    if (References.outer(l.input().relation()) || References.outer(r.input().relation())) {
      throw new Declined("an outer join or subquery with a side that uses columns of the other");
    }
    List<Output> outputs = new ArrayList<>();
    outputs(l.input(), kind == MatchKind.FULL, outputs);
    if (kind == MatchKind.LEFT || kind == MatchKind.FULL) {
      outputs(r.input(), true, outputs);
    }
    if (kind == MatchKind.MARK) {
      List<String> taken = outputs.stream().map(o -> o.column().name()).toList();
      Column found = new Column(Aliases.unusedName("found", taken), true);
      mark = Scope.column(alias, found.name());
      outputs.add(new Output(found, Match.FOUND));
    }
    List<Expression> over =
        settled.stream().flatMap(c -> Block.conjuncts(within(c)).stream()).toList();
    Match match = new Match(kind, l.input(), r.input(), over, outputs);
    Block block = new Block(scope);
    block.inputs.add(new Input(alias, match));
    left.correlated.forEach(condition -> block.correlated.add(after(condition)));
    scope.replaceAll(this::after);
    return block;
  }

  /// What an expression over the blocks becomes over the inputs of the match.
  private Expression within(Expression expression) {
    Expression once =
        leftNames.isEmpty() ? expression : Block.renamed(expression, leftAlias, leftNames);
    return rightNames.isEmpty() ? once : Block.renamed(once, rightAlias, rightNames);
  }

  /// What an expression over the blocks becomes over the match itself.
  Expression after(Expression expression) {
    return Block.renamed(within(expression), alias, names);
  }

  /// Whether a row has a partner, for a match that marks rows.
  Expression mark() {
    return mark;
  }

  /// A side as one input, and the new names of what it was joined from.
  private record Side(Input input, Map<String, String> names) {}

  private Side side(Block block) {
    Map<String, Expression> before = new LinkedHashMap<>();
    block.inputs.forEach(input ->
        input
            .relation()
            .columns()
            .forEach(c -> {
              Expression column = Scope.column(input.alias(), c.name());
              before.put(SqlPrinter.print(column), column);
            }));
    Scope traced = new Scope(null);
    Map<String, Expression> columns = new LinkedHashMap<>(before);
    traced.add("traced", columns);
    Block copy = new Block(traced);
    copy.inputs.addAll(block.inputs);
    copy.conditions.addAll(block.conditions);
    Input input = copy.asInput(binder.aliases);
    Map<String, String> renamed = new LinkedHashMap<>();
    List<Expression> now = traced.values();
    int place = 0;
    for (String text : before.keySet()) {
      renamed.put(text, Block.lastName(now.get(place++)));
    }
    return new Side(input, renamed);
  }

  private void outputs(Input input, boolean padded, List<Output> outputs) {
    List<String> used = outputs.stream().map(o -> o.column().name()).toList();
    List<String> taken = new ArrayList<>(used);
    for (Column column : input.relation().columns()) {
      String name = Aliases.unusedName(column.name(), taken);
      taken.add(name);
      Expression value = Scope.column(input.alias(), column.name());
      names.put(SqlPrinter.print(value), name);
      outputs.add(new Output(new Column(name, column.notNull() && !padded), value));
    }
  }
}
