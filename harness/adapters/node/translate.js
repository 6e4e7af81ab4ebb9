// Decides how a question becomes the input of a simulation, and how the simulation's result becomes an answer.
//
// Pure functions, and no judgement of policies: every document is handed over whole, named by its JSON pointer in
// the question, so that the pointers come back in the results.

import { isDeepStrictEqual } from 'node:util';
import {
  validateEndpointPolicy,
  validateIdentityPolicy,
  validateResourceControlPolicy,
  validateResourcePolicy,
  validateServiceControlPolicy,
  validateSessionPolicy,
} from '@cloud-copilot/iam-policy';
import { anonymousPrincipal, getDenialReasons, getGrantReasons } from '@cloud-copilot/iam-simulate';
import { Unasked, parsed, rejected, unlessUnasked } from './documents.js';

/** The inputs that the simulation has a place for. */
export const FEATURES = [
  'anonymous',
  'boundaries',
  'boundary-validation',
  'caller-context',
  'context',
  'context-key-case',
  'endpoint-policies',
  'endpoint-validation',
  'federated-users',
  'groups',
  'identity-validation',
  'key-policy-validation',
  'multivalued-keys',
  'other-services',
  'rcp-validation',
  'rcps',
  'requests-without-resource',
  'resource-policies',
  'resource-policy-validation',
  'scp-levels',
  'scp-validation',
  'scps',
  'service-principals',
  'session-arns',
  'session-policies',
  'session-validation',
];

const RESOURCE_POLICY = '/authorizations/0/resource/policy';

const OUTCOMES = { Allowed: 'allow', ExplicitlyDenied: 'explicit-deny', ImplicitlyDenied: 'implicit-deny' };

/** The validator of each policy type; a key policy has none of its own, a boundary is validated as simulations do. */
const VALIDATORS = {
  boundary: validateIdentityPolicy,
  endpoint: validateEndpointPolicy,
  identity: validateIdentityPolicy,
  'key-policy': validateResourcePolicy,
  rcp: validateResourceControlPolicy,
  'resource-policy': validateResourcePolicy,
  scp: validateServiceControlPolicy,
  session: validateSessionPolicy,
};

/** The policy that every simulation puts at every RCP level by itself, and whose `Allow` its validator refuses. */
const DEFAULT_RCP = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
};

/** `{ simulation }`, or `{ answer }` where the simulation has no place for what the question holds. */
export function simulationOf(question) {
  return unlessUnasked(() => {
    const lacking = UNSUPPORTED.find(([, holds]) => holds(question));
    if (lacking) throw new Unasked({ answer: 'unsupported', feature: lacking[0] });
    return { simulation: simulation(question) };
  });
}

/** The answer that a simulation's result stands for. */
export function answerOf(results) {
  if (results.resultType === 'error') return refusal(results.errors);
  const outcome = OUTCOMES[results.overallResult];
  if (outcome === undefined) return { answer: 'error', error: `unknown result \`${results.overallResult}\`` };
  // Only a resource with wildcards has several results; which of them decided is not told.
  if (results.resultType !== 'single') return { answer: outcome };
  const { analysis, ignoredContextKeys = [] } = results.result;
  const answer = { answer: outcome };
  const because = statements(outcome === 'allow' ? getGrantReasons(analysis) : getDenialReasons(analysis));
  if (because.length > 0) answer.because = because;
  if (ignoredContextKeys.length > 0) answer.message = `ignored context keys: ${quoted(ignoredContextKeys)}`;
  return answer;
}

/** The answer to a question about a document. */
export function validate(question) {
  const validator = VALIDATORS[question['policy-type']];
  if (validator === undefined) {
    return { answer: 'unsupported', feature: 'grant-requests' };
  }
  const { answer } = unlessUnasked(() => {
    const errors = validator(parsed(question.document));
    return { answer: errors.length > 0 ? rejected('/document', described(errors)) : { answer: 'accepted' } };
  });
  return answer;
}

/** What of a request the simulation has no place for. The last two change whom guard rails bind. */
const UNSUPPORTED = [
  ['operations', ({ authorizations }) => authorizations.length !== 1],
  ['derives-context', ({ authorizations: [{ context }] }) => context === undefined],
  ['grants', ({ authorizations: [{ resource }] }) => resource.grants?.length > 0],
  ['several-session-policies', ({ caller }) => caller['session-policies']?.length > 1],
  ['role-paths', ({ caller }) => hasPath(caller)],
  ['root-users', ({ caller }) => caller.kind === 'root'],
  ['management-accounts', ({ caller }) => caller.scps && caller.organization?.management],
  ['management-accounts', ({ authorizations: [{ resource }] }) => resource.rcps && resource.organization?.management],
  ['aws-managed-keys', ({ authorizations: [{ resource }] }) => resource.rcps && resource.key?.manager === 'aws'],
];

/** Whether the caller is a session of a role with a path, which the session's ARN lacks. */
function hasPath({ kind, issuer = '' }) {
  return kind === 'role-session' && issuer.split('/').length > 2;
}

function simulation({ caller, endpoint, authorizations: [{ action, resource, context }] }) {
  return {
    request: {
      principal: principal(caller),
      action,
      resource: { resource: resource.arn, accountId: resource.account },
      contextVariables: context,
    },
    identityPolicies: (caller.policies ?? []).map(({ document }, i) => named(document, `/caller/policies/${i}`)),
    ...(caller['session-policies']?.length > 0 && {
      sessionPolicy: parsed(caller['session-policies'][0]),
    }),
    ...(caller.boundary !== undefined && {
      permissionBoundaryPolicies: [named(caller.boundary, '/caller/boundary')],
    }),
    serviceControlPolicies: levels(caller.scps, '/caller/scps'),
    resourceControlPolicies: levels(resource.rcps, '/authorizations/0/resource/rcps').map((level) => ({
      ...level,
      policies: level.policies.filter(({ policy }) => !isDeepStrictEqual(policy, DEFAULT_RCP)),
    })),
    ...(resource.policy !== undefined && { resourcePolicy: parsed(resource.policy) }),
    ...(endpoint?.policy !== undefined && { vpcEndpointPolicies: [named(endpoint.policy, '/endpoint/policy')] }),
    // The question's context is complete: a tag key in it means that the bucket's tags count.
    additionalSettings: { s3: { bucketAbacEnabled: true } },
  };
}

function principal({ kind, arn, service }) {
  if (kind === 'anonymous') return anonymousPrincipal;
  const name = kind === 'service' ? service : arn;
  if (typeof name !== 'string') throw new Error(`a caller of kind \`${kind}\` without a name`);
  return name;
}

function levels(levels, pointer) {
  return (levels ?? []).map((level, i) => ({
    orgIdentifier: `${pointer}/${i}`,
    policies: level.map((document, j) => named(document, `${pointer}/${i}/${j}`)),
  }));
}

function named(document, pointer) {
  return { name: pointer, policy: parsed(document) };
}

/** What a simulation that did not run stands for: a document refused, or a request that it cannot work on. */
function refusal(errors) {
  const [refused] = [
    ...Object.entries(errors.identityPolicyErrors ?? {}),
    ...Object.entries(errors.permissionBoundaryErrors ?? {}),
    ...(errors.sessionPolicyErrors ? [['/caller/session-policies/0', errors.sessionPolicyErrors]] : []),
    ...Object.entries(errors.serviceControlPolicyErrors ?? {}),
    ...Object.entries(errors.vpcEndpointErrors ?? {}),
    ...(errors.resourcePolicyErrors ? [[RESOURCE_POLICY, errors.resourcePolicyErrors]] : []),
    ...Object.entries(errors.resourceControlPolicyErrors ?? {}),
  ];
  if (refused) return rejected(refused[0], described(refused[1]));
  return { answer: 'error', error: `the evaluator refuses the request: \`${errors.message}\`` };
}

function described(errors) {
  return errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
}

/** The statements among the reasons: implicit denials name none, and the default RCP is not in the question. */
function statements(reasons) {
  return reasons
    .filter(({ statementIndex }) => statementIndex !== undefined)
    .map(({ policyType, policyIdentifier, statementIndex }) => ({
      policy: policyType === 'resource' ? RESOURCE_POLICY : policyIdentifier,
      statement: statementIndex - 1,
    }))
    .filter(({ policy }) => policy?.startsWith('/'));
}

function quoted(names) {
  return names.map((name) => `\`${name}\``).join(', ');
}
