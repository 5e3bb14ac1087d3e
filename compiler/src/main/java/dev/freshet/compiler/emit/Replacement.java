package dev.freshet.compiler.emit;

/// What stands at this moment in the place of stored rows, in the words of a WITH list.
///
/// @param gone a query of the places of stored rows that are no more
/// @param come a bag of rows with the columns of the storage
/// @param shown which rows `c` of that bag the view shows
/// @param broken a condition: the changes do not fit what is stored
record Replacement(String gone, String come, String shown, String broken) {}
