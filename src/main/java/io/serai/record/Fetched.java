package io.serai.record;

/**
 * The full details of one alert of a receipt.
 *
 * @param index   the alert's position in the receipt, from 0
 * @param content the canonical alert as one JSON object
 */
public record Fetched(int index, String content) {}
