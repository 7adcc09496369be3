import { describe, expect, it } from 'vitest';
import { median, quantile, shown, withSpread } from './figures.ts';

describe('the figures of a measurement', () => {
  it('have the one in the middle as their median, whatever their order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('have the mean of the two in the middle as their median where there is no one in the middle', () => {
    expect(median([4, 1, 2, 100])).toBe(3);
  });

  it('have no median where there are none', () => {
    expect(median([])).toBeNaN();
  });

  it('have the nearest rank as a quantile', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0, 0.5, 0.99, 1].map((share) => quantile(hundred, share))).toEqual([1, 50, 99, 100]);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it('are shown so that a small ratio differs from none', () => {
    expect([0.7, 0.049, 0, 1, Number.NaN].map(shown)).toEqual(['0.70', '0.049', '0.00', '1.00', '–']);
  });

  it('are shown with the middle half of them', () => {
    expect(withSpread([0.25, 0.2, 0.3, 9, 0.01])).toBe('0.25 (0.20 to 0.30)');
    expect(withSpread([])).toBe('–');
  });
});
