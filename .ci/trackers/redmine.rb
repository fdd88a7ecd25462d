# Fills an empty Redmine: two projects, three people, a role that may edit, one that may not, and
# number fields for scores. Prints the people's API keys as JSON.
Setting.rest_api_enabled = '1'
Setting.login_required = '1'
Redmine::DefaultData::Loader.load('en') if Redmine::DefaultData::Loader.no_data?

person = lambda do |login, first, last, admin|
  found = User.find_by_login(login)
  next found if found
  made = User.new(firstname: first, lastname: last, mail: "#{login}@acme.example", admin: admin)
  made.login = login
  made.password = made.password_confirmation = 'not-for-humans'
  made.must_change_passwd = false
  made.save!
  made
end
ada = person.call('ada', 'Ada', 'Park', true)
hone = person.call('hone', 'Hone', 'Bot', false)
shy = person.call('shy', 'Shy', 'Bot', false)

story = Tracker.first
editor = Role.find_by_name('Developer')
editor.add_permission!(:view_issues, :add_issues, :edit_issues, :add_issue_notes, :manage_issue_relations, :manage_subtasks)
reader = Role.find_by_name('Reporter')
reader.remove_permission!(:edit_issues, :add_issues, :edit_own_issues)
[editor, reader].each do |role|
  Tracker.all.each do |tracker|
    IssueStatus.all.each do |from|
      IssueStatus.all.each do |to|
        next if from == to || from.is_closed?
        WorkflowTransition.where(tracker: tracker, role: role, old_status: from, new_status: to).first_or_create!
      end
    end
    IssueStatus.where(is_closed: false).each do |to|
      WorkflowTransition.where(tracker: tracker, role: role, old_status_id: 0, new_status: to).first_or_create!
    end
  end
end

%w[payments webshop].each do |identifier|
  project = Project.find_by_identifier(identifier) || Project.create!(
    name: identifier.capitalize, identifier: identifier, is_public: false, trackers: Tracker.all,
    enabled_module_names: ['issue_tracking']
  )
  Member.create_principal_memberships(ada, role_ids: [editor.id], project_id: project.id)
  Member.create_principal_memberships(hone, role_ids: [editor.id], project_id: project.id)
  Member.create_principal_memberships(shy, role_ids: [reader.id], project_id: project.id)
end
['Story Points', 'Business Value', 'Time Criticality', 'RR-OE', 'Job Size', 'WSJF'].each do |name|
  next if IssueCustomField.find_by_name(name)
  IssueCustomField.create!(name: name, field_format: 'float', is_for_all: true, trackers: Tracker.all, is_filter: true)
end
Project.all.each(&:touch)
puts({ 'ada' => ada.api_key, 'hone' => hone.api_key, 'shy' => shy.api_key,
       'projects' => Project.order(:id).pluck(:id), 'people' => { 'ada' => ada.id, 'hone' => hone.id } }.to_json)
