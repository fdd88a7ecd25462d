// Agility's own SDK at work: it creates, changes, closes and asks, as its readme says.
//   node agility.js PORT TOKEN   (with v1sdk and axios in NODE_PATH)
const assert = require('node:assert');
const axios = require('axios').default;
const sdk = require('v1sdk').default;
const { axiosConnector } = require('v1sdk');

const [port, token] = process.argv.slice(2);
const v1 = axiosConnector(axios)(sdk)('127.0.0.1', 'acme', Number(port), false).withAccessToken(token);

(async () => {
  const meta = (await v1.queryDefinition('Story')).data;
  assert.strictEqual(meta.Attributes['Story.Name'].name, 'Name');
  const made = (await v1.create('Story', {
    Name: 'Refunds', Scope: 'Scope:10', Description: 'By the SDK', Reference: 'sdk-1',
  })).data;
  const oid = made.id.split(':').slice(0, 2).join(':');
  await v1.update(oid, { Name: 'Refunds abroad', Estimate: 5, Owners: ['Member:20'] }, 'by the SDK');
  await v1.executeOperation(oid, 'QuickClose');
  const [[story]] = (await v1.query({
    from: 'PrimaryWorkitem', select: ['Name', 'Estimate', 'AssetState', 'Owners'], where: { ID: oid },
  })).data;
  assert.strictEqual(story.Name, 'Refunds abroad');
  assert.strictEqual(story.Estimate, 5);
  assert.strictEqual(story.AssetState, 128);
  assert.strictEqual(story.Owners[0]._oid, 'Member:20');
  await assert.rejects(v1.update(oid, { Nonsense: 1 }));
  console.log(`  the SDK made, changed, closed and found ${oid}`);
})().catch((error) => {
  console.error(error.message, error.response && error.response.data);
  process.exit(1);
});
