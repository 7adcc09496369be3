export { fakeTab, type FakeCall, type FakeTab, type FakeTabOptions, type FakeTabState } from './fakeTab.ts';
export { testClock, type TestClock } from './testClock.ts';
