package KeyPolicy;

# Decides whether a user, a role session or the root user of an account may do one action on one
# resource of KMS. A document that it cannot read is rejected as a whole.

use strict;
use warnings;
use feature 'fc';

use Exporter 'import';
use Socket      qw(AF_INET AF_INET6 inet_pton);
use Time::Local qw(timegm_modern);

our $VERSION   = '0.1.0';
our @EXPORT_OK = qw(decide);

my %MEMBER = map { $_ => 1 }
    qw(Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition);

# The only actions on keys of another account that work.
my %ACROSS_ACCOUNTS = map { lc "kms:$_" => 1 } qw(
    CreateGrant Decapsulate Decrypt DeriveSharedSecret DescribeKey Encapsulate Encrypt
    GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext
    GenerateDataKeyWithoutPlaintext GenerateMac GetKeyRotationStatus GetPublicKey ListGrants
    ReEncryptFrom ReEncryptTo RetireGrant RevokeGrant Sign Verify VerifyMac
);

my $MAX_ALIASES = 50;

my %BOOL   = (true => 1, false => 0);
my $BASE64 = qr{\A(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\z};
my $NUMBER = qr{\A[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\z};
my $DATE   = qr{
    \A (\d{4}) (?: -(\d\d) (?: -(\d\d)
    (?: T(\d\d):(\d\d) (?: :(\d\d(?:\.\d+)?) )? (?: Z | ([+-])(\d\d):?(\d\d) ) )? )? )? \z
}x;

# The operators: whether a value of the request and one of the policy match; undef if one of the two
# cannot be read. Only text, ARNs and booleans have variables.
my %COMPARE = (
    StringEquals             => sub { _equal($_[0], _expand(@_[1, 2])) },
    StringEqualsIgnoreCase   => sub { _equal(fc $_[0], fc(_expand(@_[1, 2]) // return 0)) },
    StringLike               => \&_like,
    ArnLike                  => \&_arn_like,
    ArnEquals                => \&_arn_like,
    Bool                     => sub { _order(\&_bool, $_[0], _expand(@_[1, 2]), 0) },
    BinaryEquals             => sub { _order(\&_binary, @_[0, 1], 0) },
    NumericEquals            => sub { _order(\&_number, @_[0, 1], 0) },
    NumericLessThan          => sub { _order(\&_number, @_[0, 1], -1) },
    NumericLessThanEquals    => sub { _order(\&_number, @_[0, 1], -1, 0) },
    NumericGreaterThan       => sub { _order(\&_number, @_[0, 1], 1) },
    NumericGreaterThanEquals => sub { _order(\&_number, @_[0, 1], 1, 0) },
    DateEquals               => sub { _order(\&_date, @_[0, 1], 0) },
    DateLessThan             => sub { _order(\&_date, @_[0, 1], -1) },
    DateLessThanEquals       => sub { _order(\&_date, @_[0, 1], -1, 0) },
    DateGreaterThan          => sub { _order(\&_date, @_[0, 1], 1) },
    DateGreaterThanEquals    => sub { _order(\&_date, @_[0, 1], 1, 0) },
    IpAddress                => \&_in_network,
);

my %NEGATED = (
    StringNotEquals           => 'StringEquals',
    StringNotEqualsIgnoreCase => 'StringEqualsIgnoreCase',
    StringNotLike             => 'StringLike',
    ArnNotEquals              => 'ArnLike',
    ArnNotLike                => 'ArnLike',
    NumericNotEquals          => 'NumericEquals',
    DateNotEquals             => 'DateEquals',
    NotIpAddress              => 'IpAddress',
);

# decide(caller => { kind, arn, account, issuer }, policies => [document], action => name,
#     resource => { arn, account, type, policy }, context => { key => value or [value] })
# gives { answer => `allow`, `explicit-deny` or `implicit-deny` }, or { answer => `rejected`,
# policy => index or `resource`, message => why }.
sub decide {
    my %request = @_;
    my ($caller, $resource) = @request{qw(caller resource)};
    my @documents = map { [ $_, $request{policies}[$_] ] } 0 .. $#{ $request{policies} };
    push @documents, [ resource => $resource->{policy} ] if defined $resource->{policy};
    for (@documents) {
        my ($name, $document) = @$_;
        next if eval { _check($document, $name eq 'resource'); 1 };
        chomp(my $why = $@);
        return { answer => 'rejected', policy => $name, message => $why };
    }

    my %context = map { lc($_) => $request{context}{$_} } keys %{ $request{context} };
    my ($denied, $identity, $direct, $delegated);
    for (@documents) {
        my ($name, $document) = @$_;
        my %env = (
            action      => lc $request{action},
            arn         => $resource->{arn},
            context     => \%context,
            variables   => ($document->{Version} // '') eq '2012-10-17' ? \%context : undef,
            of_resource => $name eq 'resource',
        );
        for my $statement (_list($document->{Statement})) {
            my $reach = $env{of_resource} ? _reach($statement, $caller) : 'identity';
            next if !$reach || !_applies($statement, \%env);
            if    ($statement->{Effect} eq 'Deny') { $denied    = 1 }
            elsif ($reach eq 'identity')           { $identity  = 1 }
            elsif ($reach eq 'account')            { $delegated = 1 }
            else                                   { $direct    = 1 }
        }
    }
    return { answer => 'explicit-deny' } if $denied;

    # The root user may do in IAM whatever nobody denies.
    if ($caller->{kind} eq 'root') {
        $identity = 1;
        $direct ||= $delegated;
    }
    my $own      = $resource->{account} eq $caller->{account};
    my $possible = $ACROSS_ACCOUNTS{ lc $request{action} }
        && _partition($caller->{arn}) eq _partition($resource->{arn});
    my $allowed
        = $resource->{type} ne 'kms:key' ? $own && $identity
        : $own                           ? $direct || $identity && $delegated
        :                                  $possible && $identity && ($direct || $delegated);
    return { answer => $allowed ? 'allow' : 'implicit-deny' };
}

sub _partition { return (split /:/, $_[0])[1] // '' }

sub _list { return ref $_[0] eq 'ARRAY' ? @{ $_[0] } : ($_[0]) }

# The text of a JSON value: numbers and booleans may stand where text is meant.
sub _text {
    my ($value) = @_;
    return $value ? 'true' : 'false' if ref $value eq 'JSON::PP::Boolean';
    die "a value is neither text nor number nor boolean\n" if ref $value || !defined $value;
    return $value;
}

# Dies if a document cannot be read.
sub _check {
    my ($document, $of_resource) = @_;
    die "the document is no object\n"       if ref $document ne 'HASH';
    die "the document has no Statement\n"   if !exists $document->{Statement};
    for my $statement (_list($document->{Statement})) {
        die "a statement is no object\n" if ref $statement ne 'HASH';
        for (sort keys %$statement) {
            die "unknown member $_\n" if !$MEMBER{$_};
        }
        my $effect = $statement->{Effect} // '';
        die "Effect must be Allow or Deny\n" if $effect !~ /\A(?:Allow|Deny)\z/;
        for (qw(Principal Action Resource)) {
            my $given = (exists $statement->{$_}) + (exists $statement->{"Not$_"});
            die "$_ and Not$_ in one statement\n" if $given == 2;
            if ($_ eq 'Principal') {
                die "a principal in an identity policy\n" if $given  && !$of_resource;
                die "no principal in a key policy\n"      if !$given && $of_resource;
            }
            else { die "a statement lacks $_\n" if !$given && !$of_resource }
        }
        for (grep { exists $statement->{$_} } qw(Resource NotResource)) {
            for my $pattern (map { _text($_) } _list($statement->{$_})) {
                die "a variable before the fifth colon\n"
                    if $pattern =~ /\A(?:[^:]*:){0,4}[^:]*\$\{/;
                _pieces($pattern, {});
            }
        }
        _check_conditions($statement->{Condition}) if exists $statement->{Condition};
    }
    return;
}

sub _check_conditions {
    my ($conditions) = @_;
    die "Condition is no object\n" if ref $conditions ne 'HASH';
    for my $name (sort keys %$conditions) {
        my ($set, $operator, $optional) = _operator($name);
        die "unknown operator $name\n"
            if !$COMPARE{$operator} && !$NEGATED{$operator} && ($operator ne 'Null' || $optional);
        die "$name is no object\n" if ref $conditions->{$name} ne 'HASH';
        for (map { _list($_) } values %{ $conditions->{$name} }) { _pieces(_text($_), {}) }
    }
    return;
}

sub _operator { return $_[0] =~ /\A(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?\z/s }

# How a statement of a key policy reaches the caller: `direct`, through its `account`, or not.
sub _reach {
    my ($statement, $caller) = @_;
    return _named($statement->{Principal}, $caller) if exists $statement->{Principal};
    return _named($statement->{NotPrincipal}, $caller) ? '' : 'direct';
}

sub _named {
    my ($principal, $caller) = @_;
    return $principal eq '*' ? 'direct' : '' if ref $principal ne 'HASH';
    my $account   = $caller->{account};
    my $partition = _partition($caller->{arn});
    my $found     = '';
    for my $name (_list($principal->{AWS} // [])) {
        return 'direct' if $name eq '*';
        return 'direct' if grep { defined && $_ eq $name } @$caller{qw(arn issuer)};
        $found = 'account' if $name eq $account || $name eq "arn:$partition:iam::$account:root";
    }
    return $found;
}

# Whether action, resource and conditions of a statement match.
sub _applies {
    my ($statement, $env) = @_;
    my $action   = sub { _like($env->{action}, lc $_[0]) };
    my $resource = sub { _like($env->{arn}, _completed($_[0]), $env->{variables}) };
    return _element($statement, 'Action', $action)
        && _element($statement, 'Resource', $resource)
        && _conditions($statement->{Condition} // {}, $env);
}

# A statement of a key policy that lacks the element has no effect.
sub _element {
    my ($statement, $name, $match) = @_;
    for my $given ($name, "Not$name") {
        next if !exists $statement->{$given};
        my $found = 0 != grep { $match->(_text($_)) } _list($statement->{$given});
        return $given eq $name ? $found : !$found;
    }
    return 0;
}

# The fields that an incomplete ARN lacks are `*`.
sub _completed { return $_[0] =~ /\Aarn:/ && $_[0] =~ tr/:// < 5 ? "$_[0]:*" : $_[0] }

sub _conditions {
    my ($conditions, $env) = @_;
    for my $name (keys %$conditions) {
        for my $key (keys %{ $conditions->{$name} }) {
            my $given = $env->{context}{ lc $key };
            my @given = defined $given ? _list($given) : ();
            return 0 if _not_in_use(lc $key, scalar @given, $env);
            my @wanted = map { _text($_) } _list($conditions->{$name}{$key});
            return 0 if !_holds($name, \@given, \@wanted, $env->{variables});
        }
    }
    return 1;
}

# KMS does not use tags and aliases of the key in key policies, nor more aliases than the quota.
sub _not_in_use {
    my ($key, $count, $env) = @_;
    return $env->{of_resource} && $key =~ m{\A(?:aws:resourcetag/|kms:resourcealiases\z)}
        || $key eq 'kms:resourcealiases' && $count > $MAX_ALIASES;
}

sub _holds {
    my ($name, $given, $wanted, $variables) = @_;
    my ($set, $operator, $optional) = _operator($name);
    $set //= '';
    if ($operator eq 'Null') {
        return $set eq 'ForAllValues' if $set;
        my $absent = @$given ? 'false' : 'true';
        return 0 != grep { lc $_ eq $absent } @$wanted;
    }
    my $negated = exists $NEGATED{$operator};
    my $compare = $COMPARE{ $negated ? $NEGATED{$operator} : $operator };
    my $hold    = grep {
        my $value = $_;
        my @found = map { scalar $compare->($value, $_, $variables) } @$wanted;
        $negated ? !grep { !defined || $_ } @found : 0 != grep { $_ } @found;
    } @$given;
    return $optional || $set eq 'ForAllValues' || $negated && !$set if !@$given;
    return $hold == @$given if $set eq 'ForAllValues' || $negated && !$set;
    return $hold > 0;
}

# The pieces of a text of a policy: [text], or [wildcard => character]; nothing if a variable has no
# value. Without $variables there are none.
sub _pieces {
    my ($text, $variables) = @_;
    my @pieces;
    while ($text =~ /\G(?:\$\{([^}]*)\}|([*?])|([^*?\$]+|\$))/gc) {
        my ($inside, $wildcard, $plain) = ($1, $2, $3);
        if    (defined $wildcard)       { push @pieces, [ wildcard => $wildcard ] }
        elsif (defined $plain)          { push @pieces, [$plain] }
        elsif (!$variables)             { push @pieces, ['${'], _pieces("$inside}") }
        elsif ($inside =~ /\A[*?\$]\z/) { push @pieces, [$inside] }
        else {
            my ($key, $default) = $inside =~ /\A([^,]*)(?:, '([^']*)')?\z/
                or die "a variable that cannot be read\n";
            my $value = $variables->{ lc $key } // $default;
            return if !defined $value || ref $value;
            push @pieces, [$value];
        }
    }
    return @pieces ? @pieces : [''];
}

sub _expand {
    my @pieces = _pieces(@_) or return undef;
    return join '', map { $_->[-1] } @pieces;
}

sub _equal { return defined $_[1] && $_[0] eq $_[1] ? 1 : 0 }

sub _like {
    my ($value, $pattern, $variables) = @_;
    my @pieces = _pieces($pattern, $variables) or return 0;
    my $regex
        = join '', map { @$_ == 1 ? quotemeta $_->[0] : $_->[1] eq '*' ? '.*' : '.' } @pieces;
    return $value =~ /\A$regex\z/s ? 1 : 0;
}

# The six fields of an ARN match one by one.
sub _arn_like {
    my ($value, $pattern, $variables) = @_;
    my @value   = split /:/, $value, 6;
    my @pattern = split /:(?![^\$\{\}]*\})/, $pattern, 6;
    return undef if @value != 6 || @pattern != 6;
    return 0 == grep { !_like($value[$_], $pattern[$_], $variables) } 0 .. 5;
}

# Whether the order of two values is one of @allowed.
sub _order {
    my ($read, $left, $right, @allowed) = @_;
    ($left, $right) = map { defined ? $read->($_) : undef } $left, $right;
    return undef if !defined $left || !defined $right;
    my $order = $read == \&_binary ? $left cmp $right : $left <=> $right;
    return 0 != grep { $_ == $order } @allowed;
}

sub _bool { return $BOOL{ lc $_[0] } }

sub _binary { return $_[0] =~ $BASE64 ? $_[0] : undef }

sub _number { return $_[0] =~ $NUMBER ? $_[0] + 0 : undef }

# Seconds since 1970, of a date of ISO 8601 or of seconds.
sub _date {
    my ($text) = @_;
    return $text if $text =~ /\A\d{5,}(?:\.\d+)?\z/;
    my ($y, $m, $d, $h, $min, $s, $sign, $zh, $zm) = $text =~ $DATE or return undef;
    my $time = eval { timegm_modern(0, $min // 0, $h // 0, $d // 1, ($m // 1) - 1, $y) };
    return undef if !defined $time;
    my $zone = $sign ? "${sign}1" * ($zh * 60 + $zm) * 60 : 0;
    return $time + ($s // 0) - $zone;
}

sub _bits {
    my $packed = inet_pton($_[0] =~ /:/ ? AF_INET6 : AF_INET, $_[0]) // return undef;
    return unpack 'B*', $packed;
}

sub _in_network {
    my ($value, $wanted) = @_;
    my ($network, $length) = split m{/}, $wanted, 2;
    my ($left, $right) = map { defined ? _bits($_) : undef } $value, $network;
    return undef if !defined $left || !defined $right;
    $length //= length $right;
    return undef if $length !~ /\A\d+\z/ || $length > length $right;
    return 0     if length $left != length $right;
    return substr($left, 0, $length) eq substr($right, 0, $length) ? 1 : 0;
}

1;
