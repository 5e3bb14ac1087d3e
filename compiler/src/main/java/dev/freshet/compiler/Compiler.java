package dev.freshet.compiler;

import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Clock;
import dev.freshet.compiler.bind.Binder;
import dev.freshet.compiler.bind.Declined;
import dev.freshet.compiler.bind.Functions;
import dev.freshet.compiler.bind.SameTypes;
import dev.freshet.compiler.delta.DeltaCompiler;
import dev.freshet.compiler.delta.DeltaPlan;
import dev.freshet.compiler.emit.IncrementScript;
import dev.freshet.compiler.simplify.MergedSelects;
import dev.freshet.compiler.simplify.PushedConditions;
import dev.freshet.compiler.simplify.UnusedColumns;
import dev.freshet.compiler.sql.ParsedQuery;
import dev.freshet.compiler.sql.Query;
import dev.freshet.compiler.sql.SqlPrinter;
import dev.freshet.compiler.sql.ViewOptions.HiddenState;

/// Compiles the query of a view into SQL that keeps it fresh. Start reading here.
public final class Compiler {
  private Compiler() {}

  /// Compiles a canonical query: stars expanded, names qualified, as `pg_get_viewdef` prints it
  /// with an empty search path.
  ///
  /// @param state what the view may keep besides its rows
  public static Compiled compile(String viewSql, Schema schema, HiddenState state) {
    try {
      Query query = ParsedQuery.parse(viewSql).query(); // sql       text, with positions
      Relation written = Binder.bind(query, schema, Clock.OF_TRANSACTION); // bind      names, keys
      Functions.requireImmutable(SqlPrinter.print(query), schema);
      SameTypes.require(SqlPrinter.print(query), written, schema);
      DeltaPlan plan = derive(written, schema, state);
      IncrementScript script = IncrementScript.of(plan, schema); // emit
      if (!script.timed()) {
        return new Compiled.Incremental(written, script);
      }
      Relation committed = Binder.bind(query, schema, Clock.OF_COMMIT);
      return new Compiled.Incremental(written, script.committing(derive(committed, schema, state)));
    } catch (Declined e) {
      return new Compiled.Full(e.reason(), e.part());
    }
  }

  private static DeltaPlan derive(Relation written, Schema schema, HiddenState state) {
    Relation merged = MergedSelects.merge(written, schema); // simplify  fewer operators
    Relation filtered = PushedConditions.push(merged); //       and rows,
    Relation relation = UnusedColumns.remove(filtered); //       and columns to follow
    return DeltaCompiler.derive(relation, state); // delta     what each change does
  }
}
