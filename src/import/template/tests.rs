//! Expectations follow the examples of Microsoft's reference of template functions and of the pages on
//! loops, conditions, nested deployments and languageVersion 2.0.

use super::*;
use crate::azure::tree::Value;

const GROUP: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network";

fn scope() -> Scope {
    Scope {
        subscription: "s".into(),
        resource_group: "rg".into(),
        location: Some("westus".into()),
        deployment: "main".into(),
        ..Scope::default()
    }
}

fn expanded(template: &str, parameters: &str) -> Expanded {
    let template = Template::parse("main.json", template).unwrap();
    let parameters = Template::parse("main.parameters.json", parameters).unwrap();
    expand(&template, Some(&parameters.node), &scope(), &[])
}

/// A value in a short form of JSON; what is not known as `<what it depends on>`.
fn short(node: &Node) -> String {
    match &node.value {
        Value::Unknown(unknown) => format!("<{}>", unknown.as_str()),
        Value::List(nodes) => {
            format!("[{}]", nodes.iter().map(short).collect::<Vec<_>>().join(","))
        }
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, node)| format!("{name}:{}", short(node))).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Text(text) => text.to_string(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value::as_json(node),
    }
}

/// The property `x` of a resource whose template says `"x": "[expression]"`.
fn evaluate(expression: &str, parameters: &str, variables: &str) -> (String, Vec<String>) {
    let quoted = serde_json::to_string(&format!("[{expression}]")).unwrap();
    let template = format!(
        r#"{{"parameters": {parameters}, "variables": {variables}, "resources": [{{
            "type": "Microsoft.Network/routeTables", "name": "rt", "properties": {{"x": {quoted}}}
        }}]}}"#
    );
    let expanded = expanded(&template, "{}");
    let said = expanded.diagnostics.into_iter().map(|it| it.message).collect();
    let body = &expanded.resources[0].body;
    (short(body.get("properties").and_then(|it| it.get("x")).unwrap()), said)
}

fn check(expression: &str, expected: &str) {
    assert_eq!(evaluate(expression, "{}", "{}"), (expected.to_owned(), vec![]), "{expression}");
}

#[test]
fn texts() {
    check("concat('a', 'b', 1)", "ab1");
    check("concat(createArray(1), createArray('b'))", "[1,b]");
    check(
        "format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 1)",
        "Hello, User. Formatted number: 1",
    );
    check("format('{0:D3}-{{x}}-{1,3}', 7, 5)", "007-{x}-  5");
    check("toLower('One Two')", "one two");
    check("trim('  a  ')", "a");
    check("replace('555-123-5555', '-', '')", "5551235555");
    check("substring('two three', 4, 3)", "thr");
    check("substring('abc', 1)", "bc");
    check("split('one,two;three', createArray(',', ';'))", "[one,two,three]");
    check("join(createArray('a', 'b'), ', ')", "a, b");
    check("padLeft('123', 10, '0')", "0000000123");
    check("startsWith('abcdef', 'AB')", "true");
    check("endsWith('abcdef', 'ab')", "false");
    check("string(createArray('a', 1))", r#"["a",1]"#);
    check("string(true())", "True");
    check("indexOf('abcdef', 'CD')", "2");
    check("lastIndexOf('abcdefb', 'b')", "6");
    check("uri('https://a.example/x/y', 'z.json')", "https://a.example/x/z.json");
    check("uriComponent('a/b c')", "a%2Fb%20c");
    check("uriComponentToString('a%2Fb')", "a/b");
    check("base64('one, two, three')", "b25lLCB0d28sIHRocmVl");
    check("base64ToString('b25lLCB0d28sIHRocmVl')", "one, two, three");
    check("json('{\"a\": [1, null]}').a[0]", "1");
}

#[test]
fn numbers_and_conditions() {
    check("add(5, 3)", "8");
    check("mod(7, 3)", "1");
    check("div(8, 3)", "2");
    check("max(createArray(0, 3, 2))", "3");
    check("min(0, 3, 2)", "0");
    check("int('4')", "4");
    check("if(equals('a', 'a'), 'yes', fail('never'))", "yes");
    check("and(true(), false())", "false");
    check("or(false(), equals(createObject('a', 1), createObject('a', 1)))", "true");
    check("not(bool('false'))", "true");
    check("greaterOrEquals(2, 2)", "true");
    check("less('a', 'b')", "true");
    check("coalesce(null(), 'b')", "b");
}

#[test]
fn lists_and_objects() {
    check("length('abc')", "3");
    check("empty(createObject())", "true");
    check("first('One')", "O");
    check("last(createArray(1, 2))", "2");
    check("skip(createArray('one', 'two', 'three'), 2)", "[three]");
    check("take('one two', 3)", "one");
    check("range(5, 3)", "[5,6,7]");
    check("contains(createArray('one'), 'two')", "false");
    check("contains(createObject('One', 1), 'one')", "true");
    check(
        "union(createObject('a', createObject('x', 1)), createObject('a', createObject('y', 2)))",
        "{a:{x:1,y:2}}",
    );
    check("union(createArray('one', 'two'), createArray('two', 'three'))", "[one,two,three]");
    check("intersection(createArray('one', 'two'), createArray('two'))", "[two]");
    check("items(createObject('b', 2, 'a', 1))", "[{key:a,value:1},{key:b,value:2}]");
    check("objectKeys(createObject('b', 2, 'a', 1))", "[a,b]");
    check(
        "shallowMerge(createArray(createObject('a', createObject('x', 1)), createObject('a', 2)))",
        "{a:2}",
    );
    check("tryGet(createObject('a', createArray(1)), 'a', 0)", "1");
    check("tryGet(createObject('a', 1), 'b', 'c')", "null");
    check("flatten(createArray(createArray(1), createArray(2, 3)))", "[1,2,3]");
    check("tryIndexFromEnd(createArray(1, 2), 1)", "2");
    check("array('a')", "[a]");
}

#[test]
fn lambdas() {
    check("map(createArray(1, 2), lambda('n', add(lambdaVariables('n'), 1)))", "[2,3]");
    check("filter(createArray(1, 2, 3), lambda('n', greater(lambdaVariables('n'), 1)))", "[2,3]");
    check(
        "reduce(createArray(1, 2, 3), 0, lambda('so', 'n', add(lambdaVariables('so'), lambdaVariables('n'))))",
        "6",
    );
    check(
        "sort(createArray(3, 1, 2), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))",
        "[1,2,3]",
    );
    check(
        "toObject(createArray('a', 'b'), lambda('n', lambdaVariables('n')), lambda('n', toUpper(lambdaVariables('n'))))",
        "{a:A,b:B}",
    );
    check("mapValues(createObject('a', 1), lambda('n', add(lambdaVariables('n'), 1)))", "{a:2}");
    check(
        "groupBy(createArray('ab', 'ac', 'b'), lambda('n', first(lambdaVariables('n'))))",
        "{a:[ab,ac],b:[b]}",
    );
    check("map(createArray('a', 'b'), lambda('n', 'i', lambdaVariables('i')))", "[0,1]");
}

#[test]
fn prefixes() {
    check("cidrSubnet('10.0.0.0/16', 24, 3)", "10.0.3.0/24");
    check("cidrHost('10.144.0.0/20', 4)", "10.144.0.5");
    check("parseCidr('10.144.0.0/20').lastUsable", "10.144.15.254");
    check("parseCidr('fdad:3236:5555::/48').firstUsable", "fdad:3236:5555::1");
    let (value, said) = evaluate("cidrSubnet('10.0.0.0/16', 24, 256)", "{}", "{}");
    assert!(value.starts_with('<') && said[0].contains("has no part 256"), "{value} {said:?}");
}

#[test]
fn ids() {
    check(
        "resourceId('Microsoft.Network/virtualNetworks/subnets', 'hub', 'web')",
        &format!("{GROUP}/virtualNetworks/hub/subnets/web"),
    );
    check(
        "resourceId('other', 'Microsoft.Network/virtualNetworks', 'hub')",
        "/subscriptions/s/resourceGroups/other/providers/Microsoft.Network/virtualNetworks/hub",
    );
    check(
        "resourceId('s2', 'other', 'Microsoft.Network/natGateways/', 'n')",
        "/subscriptions/s2/resourceGroups/other/providers/Microsoft.Network/natGateways/n",
    );
    check(
        "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'r')",
        "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/r",
    );
    check(
        "extensionResourceId(resourceId('Microsoft.Network/natGateways', 'n'), 'Microsoft.Authorization/locks', 'l')",
        &format!("{GROUP}/natGateways/n/providers/Microsoft.Authorization/locks/l"),
    );
    check("resourceGroup().location", "westus");
    check("subscription().subscriptionId", "s");
    check("environment().suffixes.storage", "core.windows.net");
}

#[test]
fn what_only_azure_knows_is_named() {
    check(
        "reference('pip').ipAddress",
        "<`reference('pip').ipAddress`, known after the deployment>",
    );
    check("listKeys('x', '2020-01-01').key1", "<`listKeys('x').key1`, known after the deployment>");
    check("utcNow()", "<`utcNow()`, known after the deployment>");
    check("concat('x', reference('a').b)", "<`reference('a').b`, known after the deployment>");
    check("if(equals(reference('a').b, 1), 'same', 'same')", "same");
    check("or(equals(reference('a').b, 1), true())", "true");
    check("contains(createArray(reference('a').b, 'x'), 'x')", "true");
    check("length(createArray(reference('a').b))", "1");
}

#[test]
fn parameters_variables_and_ids_are_filled_in() {
    let template = r#"{
        "parameters": {"prefix": {"defaultValue": "web"}, "location": {"type": "string"}},
        "variables": {"nic": "[concat(parameters('prefix'), '-nic')]"},
        "resources": [{
            "type": "Microsoft.Network/networkInterfaces",
            "name": "[variables('nic')]",
            "location": "[parameters('location')]",
            "dependsOn": ["[reference('x')]"],
            "properties": {"subnet": {
                "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'hub', 'web')]"
            }}
        }]
    }"#;
    let found = expanded(template, r#"{"location": {"value": "eastus"}}"#);
    assert_eq!(found.diagnostics, []);
    let expected = format!(
        "{{id:{GROUP}/networkInterfaces/web-nic,type:Microsoft.Network/networkInterfaces,name:web-nic,\
         location:eastus,properties:{{subnet:{{id:{GROUP}/virtualNetworks/hub/subnets/web}}}}}}"
    );
    assert_eq!(short(&found.resources[0].body), expected);
    assert_eq!(found.resources[0].place.to_string(), "main.json#/resources/0");
}

fn ids_of(expanded: &Expanded) -> Vec<String> {
    let short = |id: &ResourceId| id.as_str().replace(GROUP, "~");
    expanded.resources.iter().map(|resource| short(&resource.id)).collect()
}

#[test]
fn parts_copies_and_conditions_are_followed() {
    let template = r#"{"resources": [{
        "type": "Microsoft.Network/networkSecurityGroups",
        "name": "[format('nsg{0}', copyIndex(1))]",
        "copy": {"name": "groups", "count": 2},
        "resources": [{"type": "securityRules", "name": "[format('ssh{0}', copyIndex('groups'))]"}]
    }, {
        "type": "Microsoft.Network/natGateways", "name": "nat", "condition": "[equals(1, 2)]",
        "resources": [{"type": "parts", "name": "stays"}]
    }]}"#;
    let expected = [
        "~/networkSecurityGroups/nsg1",
        "~/networkSecurityGroups/nsg1/securityRules/ssh0",
        "~/networkSecurityGroups/nsg2",
        "~/networkSecurityGroups/nsg2/securityRules/ssh1",
        // A condition is not that of the parts.
        "~/natGateways/nat/parts/stays",
    ];
    assert_eq!(ids_of(&expanded(template, "{}")), expected);
}

#[test]
fn loops_make_properties_variables_and_outputs() {
    let template = r#"{
        "parameters": {"names": {"defaultValue": ["a", "b"]}},
        "variables": {
            "copy": [{"name": "upper", "count": 2, "input": "[toUpper(parameters('names')[copyIndex('upper')])]"}],
            "nested": {"copy": [{"name": "pairs", "count": 2, "input": {"n": "[copyIndex('pairs')]"}}]}
        },
        "resources": [{
            "type": "Microsoft.Network/virtualNetworks", "name": "hub",
            "properties": {
                "copy": [{"name": "subnets", "count": "[length(parameters('names'))]", "input": {
                    "name": "[parameters('names')[copyIndex('subnets')]]",
                    "properties": {"addressPrefix": "[format('10.0.{0}.0/24', copyIndex('subnets'))]"}
                }}],
                "upper": "[variables('upper')]",
                "pairs": "[variables('nested').pairs]"
            }
        }]
    }"#;
    let found = expanded(template, "{}");
    assert_eq!(found.diagnostics, []);
    let properties = short(found.resources[0].body.get("properties").unwrap());
    let expected = "{subnets:[{name:a,properties:{addressPrefix:10.0.0.0/24}},\
                    {name:b,properties:{addressPrefix:10.0.1.0/24}}],upper:[A,B],pairs:[{n:0},{n:1}]}";
    assert_eq!(properties, expected);
}

/// A deployment `inner` that makes a route table called by its own parameter or variable `x`.
fn nesting(scope: &str) -> String {
    format!(
        r#"{{
        "parameters": {{"x": {{"defaultValue": "outer"}}}},
        "resources": [{{
            "type": "Microsoft.Resources/deployments", "name": "inner", "resourceGroup": "other",
            "properties": {{
                {scope}
                "parameters": {{"x": {{"value": "inner"}}}},
                "template": {{
                    "parameters": {{"x": {{"type": "string"}}}},
                    "resources": [{{"type": "Microsoft.Network/routeTables", "name": "[parameters('x')]"}}],
                    "outputs": {{"name": {{"value": "[concat('made-', parameters('x'))]"}}}}
                }}
            }}
        }}, {{
            "type": "Microsoft.Network/natGateways", "name": "[reference('inner').outputs.name.value]"
        }}]
    }}"#
    )
}

#[test]
fn deployments_within_deployments_have_parameters_of_their_own_or_of_the_outer_one() {
    let ids = |scope: &str| ids_of(&expanded(&nesting(scope), "{}"));
    let other = "/subscriptions/s/resourceGroups/other/providers/Microsoft.Network";
    assert_eq!(
        ids(r#""expressionEvaluationOptions": {"scope": "inner"},"#),
        [
            format!("{other}/routeTables/inner"),
            "~/natGateways/{reference('inner').outputs.name.value}".into()
        ],
    );
    assert_eq!(ids("")[0], format!("{other}/routeTables/outer"));
}

#[test]
fn what_a_deployment_is_given_may_be_what_an_expression_makes() {
    let inner = r#""expressionEvaluationOptions": {"scope": "inner"},"#;
    let literal = r#"{"x": {"value": "inner"}}"#;
    let with = |parameters: &str| {
        let template = nesting(inner).replace(literal, parameters);
        let expanded = expanded(&template, "{}");
        (ids_of(&expanded)[0].clone(), expanded.diagnostics.len())
    };
    let expected = with(literal);
    assert!(expected.0.ends_with("/routeTables/inner"));
    let wrapped = "createObject('value', 'inner')";
    let choice = format!("if(equals(parameters('x'), 'outer'), {wrapped}, null())");
    assert_eq!(with(&format!(r#"{{"x": "[{choice}]"}}"#)), expected);
    assert_eq!(with(&format!(r#""[createObject('x', {wrapped})]""#)), expected);
}

#[test]
fn outputs_of_deployments_are_values() {
    let template = r#"{"resources": [{
        "type": "Microsoft.Network/natGateways", "name": "nat",
        "properties": {"x": "[reference('inner').outputs.name.value]", "y": "[reference(resourceId('Microsoft.Resources/deployments', 'inner')).outputs.all.value[1]]"}
    }, {
        "type": "Microsoft.Resources/deployments", "name": "inner",
        "properties": {"expressionEvaluationOptions": {"scope": "inner"}, "template": {
            "resources": [{"type": "Microsoft.Network/virtualNetworks", "name": "hub", "properties": {"subnets": [{"name": "web"}]}}],
            "outputs": {
                "name": {"value": "[reference('hub').subnets[0].id]"},
                "all": {"copy": {"count": 2, "input": "[copyIndex()]"}}
            }
        }}
    }]}"#;
    let found = expanded(template, "{}");
    assert_eq!(found.diagnostics, []);
    // The inner deployment comes first.
    let properties = short(found.resources[1].body.get("properties").unwrap());
    assert_eq!(properties, format!("{{x:{GROUP}/virtualNetworks/hub/subnets/web,y:1}}"));
}

#[test]
fn symbols_existing_resources_and_user_types_are_known() {
    let template = r##"{
        "languageVersion": "2.0",
        "definitions": {"maybe": {"type": "string", "nullable": true}},
        "functions": [{"namespace": "own", "members": {"twice": {
            "parameters": [{"name": "t", "type": "string"}],
            "output": {"type": "string", "value": "[concat(parameters('t'), parameters('t'))]"}
        }}}],
        "parameters": {"tag": {"$ref": "#/definitions/maybe"}},
        "resources": {
            "hub": {"existing": true, "type": "Microsoft.Network/virtualNetworks", "name": "hub"},
            "pips": {
                "type": "Microsoft.Network/publicIPAddresses", "name": "[format('pip{0}', copyIndex())]",
                "copy": {"name": "pips", "count": 2}, "properties": {"n": "[copyIndex()]"}
            },
            "nat": {"type": "Microsoft.Network/natGateways", "name": "[own.twice('n')]", "properties": {
                "tag": "[coalesce(parameters('tag'), 'none')]",
                "all": "[map(references('pips'), lambda('p', lambdaVariables('p').n))]",
                "one": "[resourceInfo('hub').id]",
                "space": "[reference('hub').addressSpace]"
            }}
        }
    }"##;
    let found = expanded(template, "{}");
    assert_eq!(found.diagnostics, []);
    assert_eq!(
        ids_of(&found),
        ["~/publicIPAddresses/pip0", "~/publicIPAddresses/pip1", "~/natGateways/nn"]
    );
    let properties = short(found.resources[2].body.get("properties").unwrap());
    let expected = format!(
        "{{tag:none,all:[0,1],one:{GROUP}/virtualNetworks/hub,space:<`reference('hub').addressSpace`, known after the deployment>}}"
    );
    assert_eq!(properties, expected);
}

#[test]
fn a_parameter_without_a_value_makes_names_and_links_all_the_same() {
    let template = r#"{
        "parameters": {"vnet": {"type": "string"}, "open": {"type": "bool"}, "rules": {"type": "array"}},
        "resources": [{
            "type": "Microsoft.Network/virtualNetworks", "name": "[concat(parameters('vnet'), '-hub')]",
            "condition": "[parameters('open')]"
        }, {
            "type": "Microsoft.Network/networkInterfaces", "name": "nic",
            "properties": {
                "subnet": {"id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', concat(parameters('vnet'), '-hub'), 'web')]"},
                "other": "[parameters('vnet')]", "flag": "[parameters('open')]", "first": "[parameters('rules')[0].name]"
            }
        }]
    }"#;
    let found = expanded(template, "{}");
    assert_eq!(ids_of(&found)[0], "~/virtualNetworks/{vnet}-hub");
    assert_eq!(
        short(found.resources[0].body.get("condition").unwrap()),
        "<parameter `open`, which has no value>"
    );
    let properties = short(found.resources[1].body.get("properties").unwrap());
    let expected = format!(
        "{{subnet:{{id:{GROUP}/virtualNetworks/{{vnet}}-hub/subnets/web}},other:<parameter `vnet`, which has no value>,\
         flag:<parameter `open`, which has no value>,first:<parameter `rules`, which has no value>}}"
    );
    assert_eq!(properties, expected);
    let said: Vec<&str> = found.diagnostics.iter().map(|it| it.code).collect();
    assert_eq!(said, ["missing-parameter"; 3]);
}

#[test]
fn secrets_are_not_seen_but_asked_whether_they_are_empty() {
    let template = r#"{
        "parameters": {"key": {"type": "securestring"}, "none": {"type": "securestring", "defaultValue": ""}},
        "resources": [{
            "type": "Microsoft.Network/routeTables", "name": "rt", "properties": {
                "a": "[parameters('key')]", "b": "[empty(parameters('key'))]", "c": "[equals(parameters('key'), '')]",
                "d": "[empty(parameters('none'))]", "e": "[concat('x-', parameters('key'))]"
            }
        }]
    }"#;
    let found = expanded(template, r#"{"key": {"value": "hunter2"}}"#);
    let properties = short(found.resources[0].body.get("properties").unwrap());
    let secret = "<parameter `key`, which is secret>";
    assert_eq!(properties, format!("{{a:{secret},b:false,c:false,d:true,e:{secret}}}"));
    assert!(!format!("{found:?}").contains("hunter2"));
}

#[test]
fn what_cannot_be_evaluated_is_said_once_with_its_place() {
    let variables = r#"{"a": "[variables('b')]", "b": "[variables('a')]"}"#;
    let (value, said) = evaluate("variables('a')", "{}", variables);
    assert!(value.starts_with("<`[variables("), "{value}");
    assert!(said.iter().any(|said| said.contains("refers to itself")), "{said:?}");
    let (_, said) = evaluate("nonsense('y')", "{}", "{}");
    assert_eq!(
        said,
        ["`[nonsense('y')]` cannot be evaluated: the function `nonsense` is not modelled"]
    );
    let (_, said) = evaluate("createArray(1)[3]", "{}", "{}");
    assert!(said[0].contains("there is no element 3 in a list of 1"), "{said:?}");
}

#[test]
fn a_template_cannot_ask_for_more_than_there_is_time_for() {
    let doubled = |from: &str, to: &str| {
        format!(r#""{to}": "[concat(variables('{from}'), variables('{from}'))]","#)
    };
    let names: Vec<String> = (0..60).map(|at| format!("v{at}")).collect();
    let chain: String = names.windows(2).map(|pair| doubled(&pair[0], &pair[1])).collect();
    let variables = format!(r#"{{{chain} "v0": "0123456789"}}"#);
    let (value, _) = evaluate("variables('v59')", "{}", &variables);
    assert!(value.starts_with('<'), "{}", value.len());
}

#[test]
fn a_template_that_is_linked_to_is_found_by_the_end_of_its_path() {
    let main = Template::parse(
        "deploy/main.json",
        r#"{"resources": [{"type": "Microsoft.Resources/deployments", "name": "net", "properties": {
            "templateLink": {"uri": "[uri('https://example.com/x/main.json', 'nested/net.json?sas=1')]"},
            "parameters": {"name": {"value": "hub"}}
        }}]}"#,
    );
    let nested = Template::parse(
        "deploy/nested/net.json",
        r#"{"parameters": {"name": {"type": "string"}}, "resources": [
            {"type": "Microsoft.Network/virtualNetworks", "name": "[parameters('name')]"}]}"#,
    );
    let (main, nested) = (main.unwrap(), nested.unwrap());
    let found = expand(&main, None, &scope(), &[main.clone(), nested]);
    assert_eq!(ids_of(&found), ["~/virtualNetworks/hub"]);
    assert_eq!(&*found.resources[0].place.file, "deploy/nested/net.json");
    let alone = expand(&main, None, &scope(), &[]);
    assert_eq!(alone.diagnostics[0].code, "linked-template");
}

/// What is said of a template with these resources and parameters, with where.
fn said_of(resources: &str, declared: &str, given: &str) -> Vec<String> {
    let template = format!(r#"{{"parameters": {declared}, "resources": {resources}}}"#);
    let said = expanded(&template, given).diagnostics.into_iter();
    said.map(|it| format!("{}: {}", it.place.unwrap().pointer, it.message)).collect()
}

#[test]
fn no_resource_is_left_out_without_a_word() {
    for (resources, expected) in [
        (r#"[{"name": "v"}]"#, "/resources/0: this resource has no `type`, and is left out"),
        (
            r#"{"net": {"type": "Microsoft.Network/virtualNetworks"}}"#,
            "/resources/net: this resource has no `name`, and is left out",
        ),
        (r#"["v"]"#, "/resources/0: this resource has no `type`, and is left out"),
        (r#""none""#, "/resources: expected a list or an object of resources"),
    ] {
        assert_eq!(said_of(resources, "{}", "{}"), [expected], "{resources}");
    }
}

#[test]
fn a_condition_that_is_no_truth_value_leaves_the_resource_in_doubt() {
    let template = r#"{"resources": [{
        "type": "Microsoft.Network/virtualNetworks", "name": "v", "condition": "maybe"
    }]}"#;
    let expanded = expanded(template, "{}");
    let condition = expanded.resources[0].body.get("condition").unwrap();
    assert_eq!(short(condition), "<`condition`, which is a text, not true or false>");
}

#[test]
fn a_value_of_another_type_than_declared_is_remarked_on() {
    let resources = r#"[{
        "type": "Microsoft.Network/virtualNetworks", "name": "[parameters('p')]"
    }]"#;
    let of = |declared: &str, given: &str| {
        let declared = format!(r#"{{"p": {{"type": "{declared}"}}}}"#);
        said_of(resources, &declared, &format!(r#"{{"p": {{"value": {given}}}}}"#))
    };
    assert_eq!(of("string", r#""v""#), [""; 0]);
    assert_eq!(
        of("string", "7"),
        ["/parameters/p: parameter `p` is declared as string, and is given a number"]
    );
    assert_eq!(
        of("int", "[7]"),
        ["/parameters/p: parameter `p` is declared as int, and is given a list"]
    );
    // A slip in the member leaves an object where a text is declared.
    let slip = said_of(resources, r#"{"p": {"type": "string"}}"#, r#"{"p": {"vlaue": "v"}}"#);
    assert_eq!(
        slip,
        ["/parameters/p: parameter `p` is declared as string, and is given an object"]
    );
}

/// Loops that are named by symbols: `name[2]` is the third round, and `references` gives all of them.
#[test]
fn rounds_of_loops_are_meant_by_their_numbers() {
    let expanded = expanded(
        r#"{"languageVersion": "2.0", "parameters": {"count": {"type": "int"}}, "resources": {
            "pips": {"type": "Microsoft.Network/publicIPAddresses", "name": "[format('p{0}', copyIndex())]",
                "location": "westus", "copy": {"name": "pips", "count": 3}, "properties": {"n": "[copyIndex()]"}},
            "none": {"type": "Microsoft.Network/publicIPAddresses", "name": "[format('q{0}', copyIndex())]",
                "copy": {"name": "none", "count": 0}, "properties": {}},
            "some": {"type": "Microsoft.Network/publicIPAddresses", "name": "[format('r{0}', copyIndex())]",
                "copy": {"name": "some", "count": "[parameters('count')]"}, "properties": {}},
            "modules": {"type": "Microsoft.Resources/deployments", "name": "[format('m{0}', copyIndex())]",
                "copy": {"name": "modules", "count": 2}, "properties": {
                    "mode": "Incremental", "expressionEvaluationOptions": {"scope": "inner"},
                    "parameters": {"n": {"value": "[copyIndex()]"}}, "template": {
                        "parameters": {"n": {"type": "int"}}, "resources": [],
                        "outputs": {"sum": {"type": "int", "value": "[add(parameters('n'), 10)]"}}}}},
            "tables": {"type": "Microsoft.Network/routeTables", "name": "[format('t{0}', copyIndex())]",
                "copy": {"name": "tables", "count": 2}, "properties": {
                    "own": "[reference(format('pips[{0}]', copyIndex())).n]",
                    "id": "[resourceInfo(format('pips[{0}]', copyIndex())).id]",
                    "place": "[reference('pips[2]', '2024-05-01', 'full').location]",
                    "output": "[reference(format('modules[{0}]', copyIndex())).outputs.sum.value]",
                    "all": "[map(references('modules'), lambda('m', lambdaVariables('m').outputs.sum.value))]",
                    "none": "[references('none')]",
                    "some": "[references('some')]",
                    "beyond": "[reference('pips[3]').n]"}}
        }}"#,
        "{}",
    );
    let table = expanded.resources.iter().find(|it| it.id.name() == "t1").unwrap();
    let of = |name: &str| short(table.body.get("properties").unwrap().get(name).unwrap());
    assert_eq!(of("own"), "1");
    assert_eq!(of("id"), format!("{GROUP}/publicIPAddresses/p1"));
    assert_eq!(of("place"), "westus");
    assert_eq!((&*of("output"), &*of("all"), &*of("none")), ("11", "[10,11]", "[]"));
    assert!(of("some").contains("parameter `count`, which has no value"), "{}", of("some"));
    assert!(of("beyond").starts_with('<'), "{}", of("beyond"));
}

/// A resource that is there already is what the other documents say.
#[test]
fn what_is_there_already_is_referred_to() {
    let template = r#"{"languageVersion": "2.0", "resources": {
        "firewall": {"existing": true, "type": "Microsoft.Network/azureFirewalls", "apiVersion": "2024-05-01", "name": "fw"},
        "table": {"type": "Microsoft.Network/routeTables", "name": "t", "properties": {
            "hop": "[reference('firewall').ipConfigurations[0].properties.privateIPAddress]",
            "place": "[reference('firewall', '2024-05-01', 'full').location]",
            "range": "[reference(resourceId('Microsoft.Network/virtualNetworks/subnets', 'v', 's'), '2024-05-01').addressPrefix]",
            "open": "[reference('firewall').hubIPAddresses.privateIPAddress]"}}
    }}"#;
    let firewall = r#"{"location": "westeurope", "properties": {"ipConfigurations": [
        {"name": "c", "properties": {"privateIPAddress": "10.0.1.4"}}]}}"#;
    let subnet = r#"{"name": "s", "properties": {"addressPrefix": "10.0.0.0/24"}}"#;
    let there = |id: &ResourceId| {
        let text = if id.name() == "fw" { firewall } else { subnet };
        Some(super::super::json::tree(text).unwrap())
    };
    let template = Template::parse("main.json", template).unwrap();
    let expanded = expand_onto(&template, None, &scope(), &[], &there);
    let [table] = expanded.resources.as_slice() else { panic!("{expanded:?}") };
    let of = |name: &str| short(table.body.get("properties").unwrap().get(name).unwrap());
    assert_eq!(
        (&*of("hop"), &*of("place"), &*of("range")),
        ("10.0.1.4", "westeurope", "10.0.0.0/24")
    );
    assert!(of("open").starts_with('<'), "{}", of("open"));
}
