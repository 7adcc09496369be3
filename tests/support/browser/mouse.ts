import type { Page } from 'playwright-core';

/** Moves the mouse, until the page has seen it there: of two moves in one frame a browser makes one event. */
async function moveTo(page: Page, x: number, y: number): Promise<void> {
  const moved = await page.evaluateHandle(
    ([left, top]) => {
      const seen = Promise.withResolvers<void>();
      const look = ({ clientX, clientY }: PointerEvent) => {
        if (clientX !== left || clientY !== top) return;
        removeEventListener('pointermove', look, true);
        seen.resolve();
      };
      addEventListener('pointermove', look, true);
      return { seen: seen.promise };
    },
    [x, y],
  );
  await page.mouse.move(x, y);
  await moved.evaluate(({ seen }) => seen);
}

let side = 0;

/** A real hand that goes to the other side of the page, however narrow. Its first sign in a page only says where it is. */
export async function moveMouse(page: Page): Promise<void> {
  const scale = Math.min(1, (page.viewportSize()?.width ?? 640) / 640);
  side = 1 - side;
  await moveTo(page, Math.round(320 * scale), 270);
  await moveTo(page, Math.round((120 + 400 * side) * scale), 120 + 300 * side);
}
