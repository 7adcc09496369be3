import { describe, expect, it } from 'vitest';
import { minutes, seconds, type WarningStage } from '../../../../machines/index.ts';
import { createWarningReceipts } from '../../../../web/client/tab/warningReceipts.ts';
import { createTime, quiet, t0, viewAt, viewWith } from '../../../support/tab.ts';

function given() {
  const time = createTime();
  const sent: string[] = [];
  const switches: { stage: WarningStage | null; isShown: boolean; arrives: boolean; later: number } = {
    stage: 'toast',
    isShown: true,
    arrives: true,
    later: 0,
  };
  const view = viewAt(t0 + minutes(25));
  const receipts = createWarningReceipts({
    timer: time.timer,
    warning: () =>
      switches.stage && {
        view: viewWith({ idleDeadline: view.idleDeadline + switches.later }, view),
        stage: switches.stage,
      },
    isShown: () => switches.isShown,
    async tell(stage, visible) {
      sent.push(`${stage} ${visible ? 'seen' : 'hidden'}`);
      if (!switches.arrives) throw new Error('not now');
    },
  });
  return { time, sent, switches, receipts };
}

describe('the proof of a warning', () => {
  it('is told once for each stage, however often the tab looks', async () => {
    const { sent, switches, receipts } = given();
    for (let look = 0; look < 5; look++) receipts.look();
    await quiet();
    switches.stage = 'dialog';
    for (let look = 0; look < 5; look++) receipts.look();
    await quiet();
    expect(sent).toEqual(['toast seen', 'dialog seen']);
  });

  it('is told again of the next warning', async () => {
    const { sent, switches, receipts } = given();
    receipts.look();
    switches.stage = null;
    receipts.look();
    switches.stage = 'toast';
    switches.later = minutes(30);
    receipts.look();
    expect(sent).toEqual(['toast seen', 'toast seen']);
  });

  it('of a hidden tab waits a moment, so that a tab that is looked at has the word', async () => {
    const { time, sent, switches, receipts } = given();
    switches.isShown = false;
    receipts.look();
    await time.pass(seconds(1));
    expect(sent).toEqual([]);
    await time.pass(seconds(1));
    expect(sent).toEqual(['toast hidden']);
  });

  it('of a hidden tab that is looked at in time says that it was seen', async () => {
    const { time, sent, switches, receipts } = given();
    switches.isShown = false;
    receipts.look();
    switches.isShown = true;
    receipts.look();
    await time.pass(minutes(1));
    expect(sent).toEqual(['toast seen']);
  });

  it('of a hidden tab whose warning was answered in time is not told', async () => {
    const { time, sent, switches, receipts } = given();
    switches.isShown = false;
    receipts.look();
    switches.stage = null;
    receipts.look();
    await time.pass(minutes(1));
    expect(sent).toEqual([]);
  });

  it('that did not arrive is told again when the tab looks again, and by nothing else', async () => {
    const { time, sent, switches, receipts } = given();
    switches.arrives = false;
    receipts.look();
    await time.pass(minutes(3));
    expect(sent).toHaveLength(1);
    switches.arrives = true;
    receipts.look();
    await quiet();
    receipts.look();
    expect(sent).toHaveLength(2);
  });
});
