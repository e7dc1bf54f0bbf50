import type { Stores } from '../../local/index.ts';

/** The same stores, and whether somebody waits for one of them: no time passes meanwhile in a simulated world. */
export function createWaitingStores(stores: Stores): { readonly stores: Stores; readonly isBusy: () => boolean } {
  let waiting = 0;
  const leave = (): void => void (waiting -= 1);
  const watch = <Store extends object>(store: Store): Store =>
    new Proxy(store, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]): unknown => {
          const result: unknown = Reflect.apply(member, target, given);
          if (result instanceof Promise) {
            waiting += 1;
            result.then(leave, leave);
          }
          return result;
        };
      },
    });
  const { ledger, blobs, definitions, views, handleSecret } = stores;
  return {
    stores: {
      ledger: watch(ledger),
      blobs: watch(blobs),
      definitions: watch(definitions),
      views: watch(views),
      handleSecret,
    },
    isBusy: () => waiting > 0,
  };
}
