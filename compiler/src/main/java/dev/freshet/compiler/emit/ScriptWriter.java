package dev.freshet.compiler.emit;

import dev.freshet.compiler.sql.Quote;
import java.util.ArrayList;
import java.util.List;

/// Writes everything that a managed view consists of besides its definition view and its storage.
public final class ScriptWriter {
  private ScriptWriter() {}

  /// The functions of a view, as one script.
  public static String functions(ViewShape shape) {
    List<String> functions = new ArrayList<>();
    functions.add(BuildWriter.build(shape));
    functions.add(BuildWriter.publish(shape));
    functions.add(new DiffWriter(shape).whole());
    if (!shape.isSharded()) { // otherwise what increments need compares, too
      functions.add(CheckWriter.verify(shape));
    }
    switch (shape.storage().topOff()) {
      case TopOff.None() -> {}
      case TopOff.Window(String condition) -> {
        functions.add(new DiffWriter(shape).window(condition));
        functions.add(CheckWriter.check(shape));
      }
      case TopOff.Callback callback -> {
        functions.add(callback(shape, callback));
        functions.add(CheckWriter.check(shape));
      }
    }
    return String.join("\n", functions);
  }

  /// The functions of a native view: only the comparison with its query.
  public static String nativeFunctions(ViewShape shape) {
    return CheckWriter.verifyNative(shape);
  }

  private static String callback(ViewShape shape, TopOff.Callback callback) {
    return new FunctionText(shape)
        .of(
            "_top_off",
            "(OUT rows bigint, OUT inserted bigint, OUT updated bigint, OUT deleted bigint)",
            "lets the user's procedure renew part of the view",
            """
            DECLARE
              storage pg_catalog.regclass := %1$s;
            BEGIN
              inserted := pg_catalog.pg_stat_get_xact_tuples_inserted(storage);
              updated := pg_catalog.pg_stat_get_xact_tuples_updated(storage);
              deleted := pg_catalog.pg_stat_get_xact_tuples_deleted(storage);
              CALL %2$s(storage);
              inserted := pg_catalog.pg_stat_get_xact_tuples_inserted(storage) OPERATOR(pg_catalog.-) inserted;
              updated := pg_catalog.pg_stat_get_xact_tuples_updated(storage) OPERATOR(pg_catalog.-) updated;
              deleted := pg_catalog.pg_stat_get_xact_tuples_deleted(storage) OPERATOR(pg_catalog.-) deleted;
              SELECT pg_catalog.count(*) INTO rows FROM %3$s;
            END
            """
                .formatted(
                    Quote.literal(shape.storageTable()),
                    callback.procedure(),
                    shape.storageTable()),
            callback.searchPath());
  }
}
