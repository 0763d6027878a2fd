//! What the resolver's answers mean.

use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};

use crate::mail::authentication::answers::{Answer, Found, Nothing, Record};
use crate::mail::authentication::names;

/// The records of the kind that was asked for.
pub(super) fn found(lookup: &Lookup, asked: &Name, kind: RecordType) -> Answer {
    let answers = lookup.answers();
    let own = answers.iter().filter(|record| record.record_type() == kind);
    let records: Vec<Record> = own.clone().filter_map(|own| record(&own.data)).collect();
    if records.is_empty() {
        // An alias that leads to nothing comes as an answer that holds only the alias.
        return Err(match lookup.message().response_code {
            ResponseCode::NXDomain => Nothing::NoName,
            _ => Nothing::NoData,
        });
    }
    let has_alias = answers.iter().any(|record| record.record_type() == RecordType::CNAME);
    let target = own.map(|record| &record.name).find(|name| *name != asked);
    Ok(Found { records, alias: target.filter(|_| has_alias).map(plain) })
}

fn record(data: &RData) -> Option<Record> {
    Some(match data {
        RData::TXT(text) => Record::Txt(String::from_utf8_lossy(&text.txt_data.concat()).into()),
        RData::MX(mx) => Record::Mx { preference: mx.preference, host: plain(&mx.exchange) },
        RData::A(ip) => Record::Address(ip.0.into()),
        RData::AAAA(ip) => Record::Address(ip.0.into()),
        RData::PTR(name) => Record::Pointer(plain(&name.0)),
        _ => return None,
    })
}

/// As it is compared; the root, which the null MX names, becomes empty.
fn plain(name: &Name) -> String {
    names::plain(&name.to_ascii())
}

/// Why there is no answer, or that it is empty.
pub(super) fn nothing(error: &NetError) -> Nothing {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(empty)) => match empty.response_code {
            ResponseCode::NXDomain => Nothing::NoName,
            ResponseCode::NoError => Nothing::NoData,
            code => failed(code),
        },
        NetError::Dns(DnsError::ResponseCode(code)) => failed(*code),
        NetError::Timeout => Nothing::Failed("no name server answers in time".to_owned()),
        NetError::NoConnections => Nothing::Failed("no name server can be reached".to_owned()),
        NetError::Truncated => {
            Nothing::Failed("the answer is cut off, over TCP as well".to_owned())
        }
        other => Nothing::Failed(format!("the name server cannot be asked ({other})")),
    }
}

fn failed(code: ResponseCode) -> Nothing {
    let word = match code {
        ResponseCode::ServFail => "SERVFAIL".to_owned(),
        ResponseCode::Refused => "REFUSED".to_owned(),
        other => other.to_string(),
    };
    Nothing::Failed(format!("the name server answers {word}"))
}
