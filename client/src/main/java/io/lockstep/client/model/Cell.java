package io.lockstep.client.model;

/**
 * A live cell. Immutable.
 *
 * @param schema name of the schema
 * @param table name of the table
 * @param key primary key
 * @param column name of the column
 * @param hlc the cell's clock
 * @param value its value
 */
public record Cell(String schema, String table, Key key, String column, Hlc hlc, Value value) {}
