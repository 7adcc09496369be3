import type { AnyStateNode, SnapshotFrom } from 'xstate';
import type { tabMachine } from '../../../machines/index.ts';
import { effects, type Effect } from '../tabMachine.ts';

export type TabSnapshot = SnapshotFrom<typeof tabMachine>;

const isEffect = (name: string): name is Effect => effects.some((effect) => effect === name);

const nodesOf = ({ _nodes: nodes }: TabSnapshot): readonly AnyStateNode[] => nodes;

/** What the browser is asked for right now: the effect, and the id under which its answer comes. */
export const pendingIn = (snapshot: TabSnapshot): readonly { readonly effect: Effect; readonly id: string }[] =>
  nodesOf(snapshot)
    .flatMap((node) => node.invoke)
    .map(({ src, id }) => ({ effect: typeof src === 'string' ? src : '', id }))
    .filter((each): each is { effect: Effect; id: string } => isEffect(each.effect));
