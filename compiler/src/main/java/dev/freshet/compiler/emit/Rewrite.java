package dev.freshet.compiler.emit;

/// How the storage becomes what the query says at this moment, in the words of a WITH list.
///
/// @param leaving a query of the places of stored rows that are deleted
/// @param staying what follows `UPDATE storage t SET` for rows that get other values; empty if none
///   ever do
/// @param columns of the rows that come, as a list
/// @param coming a query of these rows
/// @param broken a condition: the changes do not fit what is stored
/// @param problem what is said then
record Rewrite(
    String leaving, String staying, String columns, String coming, String broken, String problem) {}
