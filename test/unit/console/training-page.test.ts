import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activityFilters,
  activityOf,
  addressOfFilter,
  filterOfAddress,
  trainingFilters,
  withField,
} from '../../../src/console/logic/address-filter.ts';
import {
  extended,
  movedBy,
  noSelection,
  type Selection,
  targetsOf,
  toggled,
  withAll,
} from '../../../src/console/logic/row-selection.ts';
import { filledPage } from '../../../src/console/state/filled-page.ts';
import { UndoList } from '../../../src/console/state/undo-list.ts';

describe('the filters of a page in its address', () => {
  it('are read again as they were written', () => {
    const text = fc.string({ minLength: 1, maxLength: 30 });
    const filter = fc.record(
      {
        ...{ q: text, source: text, labelled_by: text, community: text },
        class: fc.constantFrom('spam', 'ham'),
        from: fc.nat().map(String),
        to: fc.nat().map(String),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(filter, (wanted) => {
        expect(filterOfAddress(trainingFilters, addressOfFilter(trainingFilters, wanted))).toEqual(wanted);
      }),
    );
  });

  it('leave out what the page does not know, and what the server would refuse', () => {
    expect(filterOfAddress(trainingFilters, '?class=maybe&from=soon&to=5&x=1&q=&source=a')).toEqual({
      ...{ to: '5', source: 'a' },
    });
    expect(filterOfAddress(trainingFilters, `?q=${'a'.repeat(300)}`)).toEqual({});
    expect(withField(trainingFilters, { q: 'a', class: 'ham' }, 'class', 'maybe')).toEqual({ q: 'a' });
    expect(withField(trainingFilters, { q: 'a' }, 'class', 'spam')).toEqual({ q: 'a', class: 'spam' });
  });

  it('lead from a label to the one entry of its decision', () => {
    const [path, search] = activityOf('ada & mo', 1000).split('?');
    expect(path).toBe('/activity');
    expect(filterOfAddress(activityFilters, `?${search}`)).toEqual({
      who: 'ada & mo',
      from: '1000',
      to: '1001',
    });
  });
});

describe('the selection of rows', () => {
  const ids = [50, 40, 30, 20, 10];
  const chosen = (selection: Selection) => targetsOf(selection, ids);

  it('is the row of the keys where none is chosen, and the chosen ones in their order otherwise', () => {
    expect(chosen(noSelection)).toEqual([50]);
    expect(chosen(movedBy(noSelection, ids, 1))).toEqual([40]);
    expect(chosen(toggled(toggled(noSelection, ids, 3), ids, 1))).toEqual([40, 20]);
    expect(chosen(withAll(noSelection, ids, true))).toEqual(ids);
    expect(targetsOf(noSelection, [])).toEqual([]);
  });

  it('takes a range from the row that was chosen last, upwards as well', () => {
    const one = toggled(noSelection, ids, 3);
    expect(chosen(extended(one, ids, 1))).toEqual([40, 30, 20]);
    expect(chosen(movedBy(movedBy(one, ids, 1, true), ids, -1, true))).toEqual([20, 10]);
  });

  it('stays within the rows, whatever is done', () => {
    const act = fc.oneof(
      fc.tuple(fc.constantFrom('toggle', 'extend'), fc.integer({ min: -2, max: 7 })),
      fc.tuple(fc.constantFrom('move', 'range'), fc.constantFrom(1, -1)),
    );
    fc.assert(
      fc.property(fc.array(act), (acts) => {
        let selection = noSelection;
        for (const [kind, by] of acts) {
          if (kind === 'toggle') selection = toggled(selection, ids, by);
          else if (kind === 'extend') selection = extended(selection, ids, by);
          else selection = movedBy(selection, ids, by as 1 | -1, kind === 'range');
          expect(ids[selection.at]).toBeDefined();
          for (const id of selection.chosen) expect(ids).toContain(id);
        }
      }),
    );
  });
});

describe('a list whose pages may be empty', () => {
  it('is followed to the first page that has something, or to its end', async () => {
    const load = async (after: string | null) => {
      const at = Number(after ?? 0);
      return { items: at === 3 ? ['found'] : [], next: at === 5 ? null : String(at + 1) };
    };
    expect(await filledPage(load, null)).toEqual({ items: ['found'], next: '4' });
    expect(await filledPage(load, '4')).toEqual({ items: [], next: null });
  });

  it('is not followed for ever', async () => {
    let pages = 0;
    const page = await filledPage(async () => ({ items: [], next: String(++pages) }), null);
    expect([page.items, pages]).toEqual([[], 20]);
  });
});

describe('the undo of the review page', () => {
  it('leaves decisions on the training data to their page', () => {
    const list = new UndoList();
    const made = {
      label: 'ham' as const,
      decided_by: 'mo',
      decided_at: 1,
      note: null,
      undoes: null,
      undone_by: null,
    };
    list.restore(
      [
        { ...made, id: 3, items: [], training: [7] },
        { ...made, id: 2, items: [5], training: [8] },
        { ...made, id: 1, items: [4] },
      ],
      [],
    );
    expect([list.size.value, list.take()?.of]).toEqual([1, 1]);
  });
});
