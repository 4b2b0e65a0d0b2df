import { describe, expect, it } from 'vitest';
import { readJunit } from '../../junit.mjs';

const report = (attributes: string, cases: string) =>
  `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" ${attributes} time="1.2">${cases}</testsuite></testsuites>`;

describe('readJunit', () => {
  it('readJunit counts passed, failed and skipped tests, and names those that failed', () => {
    const xml = report(
      'errors="0" failures="1" skipped="1" tests="4"',
      '<testcase classname="tests.test_folds" name="test_a" time="0.1" />' +
        '<testcase classname="tests.test_folds" name="test_b[1 &gt; 0]" time="0.1"><failure message="assert 1 &lt; 0&#10;see &amp;quot;">trace</failure></testcase>' +
        '<testcase classname="tests.test_folds" name="test_c" time="0.1"><skipped type="pytest.skip" message="no" /></testcase>' +
        '<testcase classname="tests.test_folds" name="test_d" time="0.1"><system-out>failure</system-out></testcase>',
    );
    expect(readJunit(xml)).toEqual({
      total: 4,
      passed: 2,
      skipped: 1,
      failures: [{ test: 'tests.test_folds: test_b[1 > 0]', message: 'assert 1 < 0\nsee &quot;' }],
    });
  });

  it('readJunit counts a file that cannot be imported as a failure', () => {
    const xml = report(
      'errors="1" failures="0" skipped="0" tests="1"',
      '<testcase classname="" name="tests.test_folds" time="0.0"><error message="collection failure">ImportError</error></testcase>',
    );
    expect(readJunit(xml)).toEqual({
      total: 1,
      passed: 0,
      skipped: 0,
      failures: [{ test: 'tests.test_folds', message: 'collection failure' }],
    });
  });

  it.each(['', 'not XML', '<testsuites><testsuite name="pytest" tests="3" failures="0"'])(
    'readJunit does not take an incomplete report for a passed run: %j',
    (xml) => expect(readJunit(xml)).toBeUndefined(),
  );
});
