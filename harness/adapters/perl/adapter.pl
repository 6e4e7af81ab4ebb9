#!/usr/bin/env perl

# Speaks the protocol of kms-conformance for KeyPolicy.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use KeyPolicy qw(decide);

my @FEATURES = qw(
    groups context caller-context multivalued-keys requests-without-resource role-paths root-users
    session-arns
);
my %CALLER   = (
    anonymous        => 'anonymous',
    service          => 'service-principals',
    'federated-user' => 'federated-users',
);
my $json = JSON::PP->new->utf8->canonical;

# The feature that a question needs and that is not declared, if there is one.
sub lacking {
    my ($question) = @_;
    my $caller = $question->{caller};
    return "$question->{'policy-type'}-validation" if $question->{kind} eq 'validate';
    return $CALLER{ $caller->{kind} }              if $CALLER{ $caller->{kind} };
    return 'operations'                            if @{ $question->{authorizations} } != 1;
    my $authorization = $question->{authorizations}[0];
    my $resource      = $authorization->{resource};
    return 'boundaries'        if exists $caller->{boundary};
    return 'session-policies'  if exists $caller->{'session-policies'};
    return 'scps'              if exists $caller->{scps};
    return 'rcps'              if exists $resource->{rcps};
    return 'grants'            if exists $resource->{grants};
    return 'endpoint-policies' if $question->{endpoint} && exists $question->{endpoint}{policy};
    return 'other-services'    if $resource->{type} !~ /\Akms:/;
    return 'derives-context'   if !exists $authorization->{context};
    my @documents = map { $_->{document} } @{ $caller->{policies} // [] };
    push @documents, $resource->{policy} if exists $resource->{policy};
    return 'exact-text' if grep { !ref } @documents;
    return;
}

sub answer {
    my ($question) = @_;
    my $feature = lacking($question);
    return { answer => 'unsupported', feature => $feature } if $feature;
    my $authorization = $question->{authorizations}[0];
    my $answer        = decide(
        caller   => $question->{caller},
        policies => [ map { $_->{document} } @{ $question->{caller}{policies} // [] } ],
        %$authorization{qw(action resource context)},
    );
    if (defined(my $policy = $answer->{policy})) {
        $answer->{policy}
            = $policy eq 'resource'
            ? '/authorizations/0/resource/policy'
            : "/caller/policies/$policy";
    }
    return $answer;
}

# The reply to a line, or nothing if it has none.
sub reply {
    my ($message) = @_;
    if ($message->{hello}) {
        return {
            protocol => 1,
            name     => 'key-policy-perl',
            version  => $KeyPolicy::VERSION,
            dialects => ['aws'],
            features => \@FEATURES,
        };
    }
    if (my $ask = $message->{ask}) {
        my $answer = eval { answer($ask->{question}) };
        if (!$answer) {
            chomp(my $error = $@);
            $answer = { answer => 'error', error => $error };
        }
        return { id => $ask->{id}, answer => $answer };
    }
    return;
}

# Everything that has arrived is answered before it is written, in one piece.
my ($input, $ended) = ('');
while (!$ended && sysread STDIN, $input, 1 << 16, length $input) {
    my $output = '';
    while ($input =~ s/\A([^\n]*)\n//) {
        my $line    = $1;
        my $message = eval { $json->decode($line) };
        if (ref $message ne 'HASH') {
            print STDERR "not a message: $line\n";
            next;
        }
        $ended = 1 if exists $message->{bye};
        my $reply = reply($message) // next;
        $output .= $json->encode($reply) . "\n";
    }
    while (length $output) {
        my $written = syswrite STDOUT, $output;
        defined $written or exit 1;
        substr $output, 0, $written, '';
    }
}
