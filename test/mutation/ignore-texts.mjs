/**
 * Keeps texts for people out of the score: what is logged, and the message of an error. The code of an error, which callers
 * decide by, and the fields of a log line are mutated like any other code.
 */

const logMethods = new Set(['debug', 'info', 'warn', 'error']);

function isText(path) {
  return path.isStringLiteral() || path.isTemplateLiteral();
}

/** `log.warn(fields, text)`, whatever the log is reached through. */
function isLogCall(call) {
  const callee = call.callee;
  if (callee?.type !== 'MemberExpression' || !logMethods.has(callee.property.name)) return false;
  const { object } = callee;
  const owner = object.type === 'MemberExpression' ? object.property : object;
  const name = owner.type === 'PrivateName' ? owner.id.name : owner.name;
  return name === 'log';
}

/** The second argument of `new SluiceError(code, text)`, the first of any other error. */
function isErrorText({ callee, arguments: given }, node) {
  const name = callee?.name ?? '';
  return name.endsWith('Error') && given.indexOf(node) === (name === 'SluiceError' ? 1 : 0);
}

/** A text may be composed: with `+`, `a ? b : c` or parentheses. */
function callAround(path) {
  let { node } = path;
  let above = path.parentPath;
  while (above?.isBinaryExpression({ operator: '+' }) || above?.isConditionalExpression()) {
    node = above.node;
    above = above.parentPath;
  }
  return { call: above, node };
}

export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'texts',
    value: {
      shouldIgnore(path) {
        if (!isText(path)) return undefined;
        const { call, node } = callAround(path);
        if (call?.isCallExpression() && isLogCall(call.node)) return 'the text of a log line';
        if (call?.isNewExpression() && isErrorText(call.node, node)) return 'the text of an error';
        return undefined;
      },
    },
  },
];
