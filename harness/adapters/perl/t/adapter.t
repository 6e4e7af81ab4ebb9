use strict;
use warnings;

use FindBin;
use IPC::Open3 qw(open3);
use JSON::PP;
use Symbol qw(gensym);
use Test::More;

my $json    = JSON::PP->new->utf8->canonical;
my $account = '111122223333';
my $alice   = "arn:aws:iam::$account:user/alice";
my $key     = "arn:aws:kms:us-west-2:$account:key/1234abcd-12ab-34cd-56ef-1234567890ab";

my $error = gensym;
my $pid   = open3(my $in, my $out, $error, $^X, "$FindBin::Bin/../adapter.pl");
$in->autoflush(1);

sub send_line { print {$in} "$_[0]\n" }

sub next_reply { return $json->decode(scalar readline $out) }

sub statement { return { Effect => 'Allow', Action => 'kms:*', Resource => '*', @_ } }

sub question {
    my ($statements, %caller) = @_;
    my $resource = {
        arn     => $key,
        account => $account,
        type    => 'kms:key',
        policy  => { Version => '2012-10-17', Statement => $statements },
    };
    return {
        kind           => 'authorize',
        dialect        => 'aws',
        region         => 'us-west-2',
        caller         => { kind => 'user', arn => $alice, account => $account, %caller },
        operation      => { name => 'Decrypt' },
        authorizations => [ { action => 'kms:Decrypt', resource => $resource, context => {} } ],
    };
}

my $id = 0;

sub answer_to {
    send_line($json->encode({ ask => { id => ++$id, question => question(@_) } }));
    my $reply = next_reply();
    is $reply->{id}, $id, 'the reply has the id of the question';
    return $reply->{answer};
}

my $delegation = statement(Principal => { AWS => "arn:aws:iam::$account:root" });
my $direct     = statement(Principal => { AWS => $alice });
my $deny       = statement(Principal => '*', Effect => 'Deny');
my $policies   = [ { from => 'user/alice', document => { Statement => statement() } } ];

send_line('{"hello":{"protocol":[1],"catalogue":"0.1.0"}}');
my $hello = next_reply();
is $hello->{protocol}, 1, 'hello picks the protocol';
is_deeply $hello->{dialects}, ['aws'], 'hello names the dialect';
ok $hello->{name} && $hello->{version} && @{ $hello->{features} }, 'hello describes the evaluator';

is_deeply answer_to([$direct]), { answer => 'allow' }, 'the key policy allows';
is_deeply answer_to([$delegation], policies => $policies),
    { answer => 'allow' }, 'an identity policy allows';
is_deeply answer_to([$delegation]), { answer => 'implicit-deny' }, 'nothing allows';
is_deeply answer_to([ $direct, $deny ]), { answer => 'explicit-deny' }, 'a statement denies';
is_deeply answer_to([$direct], boundary => { Statement => [] }),
    { answer => 'unsupported', feature => 'boundaries' }, 'a boundary has no place';

my $rejected = answer_to([ statement(Principal => '*', Unknown => 1) ]);
is $rejected->{answer}, 'rejected', 'an unknown member is rejected';
is $rejected->{policy}, '/authorizations/0/resource/policy', 'the rejected document is named';

send_line('no JSON');
is_deeply answer_to([$direct]), { answer => 'allow' }, 'a bad line is passed over';
like scalar readline $error, qr/not a message: no JSON/, 'a bad line is told of on standard error';

send_line('{"bye":{}}');
is readline $out, undef, 'bye ends the output';
waitpid $pid, 0;
is $?, 0, 'bye ends the program';

done_testing;
